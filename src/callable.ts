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
 * @returns The class itself to all appearances; to call it makes an instance.
 */
export function callable<C>(
  name: string,
  Class: abstract new (...args: never[]) => unknown,
): C {
  Object.defineProperty(Class, "name", { value: name });
  return new Proxy(Class, {
    apply: (target, _this, args) => Reflect.construct(target, args),
  }) as C;
}
