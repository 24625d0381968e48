import { SetMetadata, type Type } from '@nestjs/common';

/**
 * Who may call a route. `open`: anybody who reaches the server; only for what tells nothing about tickets. `key`: whoever shows
 * an API key. `verified by the route`: the route proves its caller itself, such as a webhook that checks a signature.
 */
export type Access = 'open' | 'key' | 'verified by the route';

const ACCESS = 'assay access';

/** Declares who may call a route, or every route of a controller. A route without a declaration keeps the service from starting. */
export const Access = (access: Access): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, access);

/** What a route declares; what its controller declares where it does not. */
export const accessOf = (controller: Function, handler: Function): Access | undefined =>
  (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as Access | undefined;

/** Nest keeps a route's path on its handler under this name. */
const ROUTE_PATH = 'path';

/** Routes that say nothing of who may call them, as `Controller.method`. */
export function undeclaredRoutes(controllers: readonly Type[]): readonly string[] {
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (typeof handler !== 'function' || !Reflect.hasMetadata(ROUTE_PATH, handler)) return [];
      return accessOf(controller, handler) === undefined ? [`${controller.name}.${name}`] : [];
    });
  });
}
