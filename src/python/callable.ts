/**
 * Classes that may be called without `new`, as Python's factories are.
 *
 * @module
 */

/**
 * Makes a class callable without `new`, and gives it the name that errors and texts show.
 * `before` is called whenever an instance is about to be made.
 */
export function callable<C>(
  name: string,
  Class: abstract new (...args: never[]) => unknown,
  before?: () => void,
): C {
  Object.defineProperty(Class, "name", { value: name });
  const make = (args: unknown[], newTarget: NewableFunction) => {
    before?.();
    return Reflect.construct(Class, args, newTarget);
  };
  return new Proxy(Class, {
    apply: (_target, _this, args) => make(args, Class),
    construct: (_target, args, newTarget) => make(args, newTarget),
  }) as C;
}
