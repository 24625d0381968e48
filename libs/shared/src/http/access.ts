import { RequestMethod, SetMetadata, type Type } from '@nestjs/common';

/** What a key opens: routes that tell, routes that take something in, routes that change how the system runs. */
export const keyKinds = ['read', 'write', 'operate'] as const;
export type KeyKind = (typeof keyKinds)[number];

/**
 * Who may call a route. `open`: anybody who reaches the server; only for what tells nothing about tickets. `read`, `write`,
 * `operate`: whoever shows a key for it. `verified by the route`: the route proves its caller itself, such as a webhook that
 * checks a signature.
 */
export type Access = 'open' | KeyKind | 'verified by the route';

const ACCESS = 'assay access';

/** Declares who may call a route, or every route of a controller. A route without a declaration keeps the service from starting. */
export const Access = (access: Access): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, access);

/** Nest keeps these on a handler and on its controller. */
const PATH = 'path';
const METHOD = 'method';

interface Route {
  /** `Controller.method`. */
  readonly name: string;
  /** `GET /v1/things/:thing`. */
  readonly address: string;
  /** What the route declares; what its controller declares where it does not. */
  readonly access: Access | undefined;
}

const addressOf = (method: string, path: string): string => `${method} ${path}`;

function routesOf(controllers: readonly Type[]): readonly Route[] {
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH, handler)) return [];
      const parts = [controller, handler].flatMap((of) => String(Reflect.getMetadata(PATH, of)).split('/'));
      const path = `/${parts.filter((part) => part !== '').join('/')}`;
      const method = RequestMethod[Number(Reflect.getMetadata(METHOD, handler))]!;
      const access = (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as
        | Access
        | undefined;
      return [{ name: `${controller.name}.${name}`, address: addressOf(method, path), access }];
    });
  });
}

/** Routes that say nothing of who may call them, as `Controller.method`. */
export const undeclaredRoutes = (controllers: readonly Type[]): readonly string[] =>
  routesOf(controllers).flatMap(({ name, access }) => (access === undefined ? [name] : []));

/** Who may call the route of a method and a path as it is declared. One that nobody has heard of needs the most. */
export function accessByRoute(controllers: readonly Type[]): (method: string, path: string) => Access {
  const known = new Map(routesOf(controllers).map(({ address, access }) => [address, access]));
  // The answer to HEAD is that to GET without its body.
  return (method, path) => known.get(addressOf(method === 'HEAD' ? 'GET' : method, path)) ?? 'operate';
}
