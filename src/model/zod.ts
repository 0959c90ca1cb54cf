import { z } from 'zod';

// each schema reads one small file: compiling a reader for it takes longer than reading. A schema asks for this when it is made, so it is
// said here, before the first one
z.config({ jitless: true });

export { z };
