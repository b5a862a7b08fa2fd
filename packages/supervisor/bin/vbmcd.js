#!/usr/bin/env node
import '../dist/vbmcd.js';
