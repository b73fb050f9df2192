// A module with nothing but a target; plain JavaScript, as copies of it get broken.
export function work() {}
