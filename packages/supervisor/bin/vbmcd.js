#!/usr/bin/env node
// Node has four threads for files and the resolver. Dead mounts keep three at most, a dead resolver two: the log and the notes
// need others. A module would set it too late, because Node reads modules by these threads.
process.env.UV_THREADPOOL_SIZE ??= '8';
import('../dist/vbmcd.js');
