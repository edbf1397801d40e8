// One benchmark in a process of its own, started by run.mjs: the module's function by name, its result to the
// parent.
const [module, name] = process.argv.slice(2);
const run = (await import(`./${module}.mjs`))[name];
const result = await run();
process.send(result, () => process.disconnect());
