#!/usr/bin/env node
import { endUntilCaught } from './end-until-caught.ts';

// Before everything else is loaded, which takes most of a second.
endUntilCaught();
await import('./run-program.ts');
