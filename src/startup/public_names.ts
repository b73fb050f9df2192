/**
 * What is loaded when the name of one of this package's functions arrives. The module beside
 * it belongs to what programs load at once, and the bundle keeps apart what comes late.
 *
 * @module
 */
import "./public_functions.ts";
