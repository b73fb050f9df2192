/** A module that loads nothing of the package. */
export const nothing = null;
