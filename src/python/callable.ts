/**
 * Classes that may be called without `new`, as Python's factories are.
 *
 * @module
 */

/**
 * Makes a class callable, and gives it its Python name.
 *
 * @param name The name that errors and texts say.
 * @param Class The class.
 * @param before Called whenever an instance is about to be made.
 * @returns The class itself to all appearances; to call it makes an instance.
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
