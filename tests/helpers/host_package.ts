/** The parts of the package that processes on other hosts use themselves. */
export { Event, Manager, Process } from "../../mod.ts";
export { SharedMemory } from "../../src/shared_memory.ts";
