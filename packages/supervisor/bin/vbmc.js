#!/usr/bin/env node
import('../dist/vbmc.js');
