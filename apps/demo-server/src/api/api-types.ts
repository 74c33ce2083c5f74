export interface paths {
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description In the text format of Prometheus. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/first-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the first administrator with the token that the server printed */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The one-time token. */
                        token: string;
                        /** @description Of the user. */
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: number;
                            name: string;
                            /** @enum {unknown} */
                            role: "viewer" | "operator" | "admin";
                            permissions: ("api.access" | "provider.configure" | "secrets.write" | "secrets.reveal" | "cache.clear" | "admin.audit" | "admin.backup" | "admin.keys" | "admin.users")[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Sign in; answers with a cookie */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Of the user. */
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: number;
                            name: string;
                            /** @enum {unknown} */
                            role: "viewer" | "operator" | "admin";
                            permissions: ("api.access" | "provider.configure" | "secrets.write" | "secrets.reveal" | "cache.clear" | "admin.audit" | "admin.backup" | "admin.keys" | "admin.users")[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Sign out */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change one’s own password; ends all other sessions */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        current: string;
                        next: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Give the password again, for what takes a fresh sign-in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a new password with a one-time token; ends all sessions */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The one-time token. */
                        token: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All users, by id */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            users: {
                                id: number;
                                name: string;
                                /** @enum {unknown} */
                                role: "viewer" | "operator" | "admin";
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description ISO 8601, UTC. */
                                updatedAt: string;
                                /** @description Absent while the user may sign in. */
                                disabledAt?: string;
                                /** @description The same as the `ETag`. */
                                version: number;
                            }[];
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Make a user */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Of the user. */
                        name: string;
                        /** @enum {unknown} */
                        role: "viewer" | "operator" | "admin";
                        password?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            name: string;
                            /** @enum {unknown} */
                            role: "viewer" | "operator" | "admin";
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Absent while the user may sign in. */
                            disabledAt?: string;
                            /** @description The same as the `ETag`. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A user */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            name: string;
                            /** @enum {unknown} */
                            role: "viewer" | "operator" | "admin";
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Absent while the user may sign in. */
                            disabledAt?: string;
                            /** @description The same as the `ETag`. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove a user with all that belongs to one; takes If-Match */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Rename a user, give another role, disable or enable; takes If-Match */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Of the user. */
                        name?: string;
                        /** @enum {unknown} */
                        role?: "viewer" | "operator" | "admin";
                        isDisabled?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            name: string;
                            /** @enum {unknown} */
                            role: "viewer" | "operator" | "admin";
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Absent while the user may sign in. */
                            disabledAt?: string;
                            /** @description The same as the `ETag`. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/users/{id}/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a user may do, and where that differs from the role */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            role: "viewer" | "operator" | "admin";
                            permissions: ("api.access" | "provider.configure" | "secrets.write" | "secrets.reveal" | "cache.clear" | "admin.audit" | "admin.backup" | "admin.keys" | "admin.users")[];
                            exceptions: {
                                permission: string;
                                /** @description Granted besides what the role may do, or denied in spite of it. */
                                isGranted: boolean;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/permissions/{permission}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Grant or deny a permission, whatever the role says */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    permission: "api.access" | "provider.configure" | "secrets.write" | "secrets.reveal" | "cache.clear" | "admin.audit" | "admin.backup" | "admin.keys" | "admin.users";
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Or denied. */
                        isGranted: boolean;
                    };
                };
            };
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Leave a permission to the role */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    permission: "api.access" | "provider.configure" | "secrets.write" | "secrets.reveal" | "cache.clear" | "admin.audit" | "admin.backup" | "admin.keys" | "admin.users";
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a one-time token with which a user sets a new password */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Told only here; for `POST /api/password-reset`. */
                            token: string;
                            /** @description ISO 8601, UTC. */
                            expiresAt: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each role may do */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            roles: {
                                /** @enum {unknown} */
                                role: "viewer" | "operator" | "admin";
                                permissions: ("api.access" | "provider.configure" | "secrets.write" | "secrets.reveal" | "cache.clear" | "admin.audit" | "admin.backup" | "admin.keys" | "admin.users")[];
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One’s own sessions, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sessions: {
                                id: number;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description ISO 8601, UTC. */
                                lastSeenAt: string;
                                /** @description When the password was last given. */
                                authenticatedAt: string;
                                ip?: string;
                                /** @description Whether it is the one that asks. */
                                isCurrent: boolean;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** End one’s own sessions, all but the one that asks */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many sessions have ended. */
                            ended: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of one’s own sessions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sessionId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A user’s sessions, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sessions: {
                                id: number;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description ISO 8601, UTC. */
                                lastSeenAt: string;
                                /** @description When the password was last given. */
                                authenticatedAt: string;
                                ip?: string;
                                /** @description Whether it is the one that asks. */
                                isCurrent: boolean;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** End a user’s sessions, all but the one that asks */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many sessions have ended. */
                            ended: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of a user’s sessions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    sessionId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One’s own API tokens, newest first, the revoked ones too */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tokens: {
                                id: number;
                                name: string;
                                /** @description What the token begins with. */
                                prefix: string;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description Known to the minute; absent when it was never used. */
                                lastUsedAt?: string;
                                /** @description Absent when it does not expire. */
                                expiresAt?: string;
                                /** @description Absent while it may be used. */
                                revokedAt?: string;
                            }[];
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Make an API token in one’s own name */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description To know it by. */
                        name: string;
                        /**
                         * Format: date-time
                         * @description Default: it does not expire. One that is made with a token expires no later than that.
                         */
                        expiresAt?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            token: {
                                id: number;
                                name: string;
                                /** @description What the token begins with. */
                                prefix: string;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description Known to the minute; absent when it was never used. */
                                lastUsedAt?: string;
                                /** @description Absent when it does not expire. */
                                expiresAt?: string;
                                /** @description Absent while it may be used. */
                                revokedAt?: string;
                            };
                            /** @description Told only here; send it as `Authorization: Bearer …`. */
                            secret: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke one of one’s own API tokens */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    tokenId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A user’s API tokens, newest first, the revoked ones too */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tokens: {
                                id: number;
                                name: string;
                                /** @description What the token begins with. */
                                prefix: string;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description Known to the minute; absent when it was never used. */
                                lastUsedAt?: string;
                                /** @description Absent when it does not expire. */
                                expiresAt?: string;
                                /** @description Absent while it may be used. */
                                revokedAt?: string;
                            }[];
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Make an API token in a user’s name */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description To know it by. */
                        name: string;
                        /**
                         * Format: date-time
                         * @description Default: it does not expire. One that is made with a token expires no later than that.
                         */
                        expiresAt?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            token: {
                                id: number;
                                name: string;
                                /** @description What the token begins with. */
                                prefix: string;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description Known to the minute; absent when it was never used. */
                                lastUsedAt?: string;
                                /** @description Absent when it does not expire. */
                                expiresAt?: string;
                                /** @description Absent while it may be used. */
                                revokedAt?: string;
                            };
                            /** @description Told only here; send it as `Authorization: Bearer …`. */
                            secret: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke one of a user’s API tokens */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    tokenId: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries that match, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Types, or beginnings of types that end in a dot, separated by commas: `auth.,user.created`. */
                    type?: string;
                    outcome?: "done" | "refused";
                    /** @description Id of a user. */
                    actor?: number;
                    targetType?: string;
                    targetId?: string;
                    since?: string;
                    /** @description Not this moment itself. */
                    until?: string;
                    /** @description Part of the action, the actor’s name, the target or the details; ASCII letters in either case. */
                    text?: string;
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: {
                                /** @description Counts up from 1 without a gap. */
                                sequence: number;
                                /** @description ISO 8601, UTC. */
                                occurredAt: string;
                                type: string;
                                /** @description `done` or `refused`. */
                                outcome: string;
                                actorId: number | null;
                                actorName: string | null;
                                actorIp: string | null;
                                targetType: string | null;
                                targetId: string | null;
                                requestId: string | null;
                                /** @description A sentence for people. */
                                action: string;
                                /** @description More for machines. */
                                details: unknown;
                                previousHash: string;
                                hash: string;
                            }[];
                            /** @description How many match in all. */
                            total: number;
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/{sequence}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An entry */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sequence: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Counts up from 1 without a gap. */
                            sequence: number;
                            /** @description ISO 8601, UTC. */
                            occurredAt: string;
                            type: string;
                            /** @description `done` or `refused`. */
                            outcome: string;
                            actorId: number | null;
                            actorName: string | null;
                            actorIp: string | null;
                            targetType: string | null;
                            targetId: string | null;
                            requestId: string | null;
                            /** @description A sentence for people. */
                            action: string;
                            /** @description More for machines. */
                            details: unknown;
                            previousHash: string;
                            hash: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in the last 24 hours */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC. */
                            since: string;
                            /** @description Entries of the whole log. */
                            total: number;
                            done: number;
                            refused: number;
                            failedSignIns: number;
                            lockOuts: number;
                            types: {
                                type: string;
                                count: number;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every type of event */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            types: string[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/user/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a user did, and what was done to the user, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: {
                                /** @description Counts up from 1 without a gap. */
                                sequence: number;
                                /** @description ISO 8601, UTC. */
                                occurredAt: string;
                                type: string;
                                /** @description `done` or `refused`. */
                                outcome: string;
                                actorId: number | null;
                                actorName: string | null;
                                actorIp: string | null;
                                targetType: string | null;
                                targetId: string | null;
                                requestId: string | null;
                                /** @description A sentence for people. */
                                action: string;
                                /** @description More for machines. */
                                details: unknown;
                                previousHash: string;
                                hash: string;
                            }[];
                            /** @description How many match in all. */
                            total: number;
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/security": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Failed sign-ins and requests that were refused, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: {
                                /** @description Counts up from 1 without a gap. */
                                sequence: number;
                                /** @description ISO 8601, UTC. */
                                occurredAt: string;
                                type: string;
                                /** @description `done` or `refused`. */
                                outcome: string;
                                actorId: number | null;
                                actorName: string | null;
                                actorIp: string | null;
                                targetType: string | null;
                                targetId: string | null;
                                requestId: string | null;
                                /** @description A sentence for people. */
                                action: string;
                                /** @description More for machines. */
                                details: unknown;
                                previousHash: string;
                                hash: string;
                            }[];
                            /** @description How many match in all. */
                            total: number;
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the log, or a part of it, is as it was written */
        get: {
            parameters: {
                query?: {
                    from?: number;
                    to?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            valid: boolean;
                            /** @description Entries that were looked at. */
                            checked: number;
                            problemCount: number;
                            problems: {
                                /** @enum {unknown} */
                                kind: "changed" | "unlinked" | "missing" | "unexpected" | "anchor" | "receipt";
                                /** @description 0 where it is about no entry. */
                                sequence: number;
                                /** @description Of entries; 1 but for `missing`. */
                                count: number;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** The same, and whether it still holds what a receipt of earlier shows */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        from?: number;
                        to?: number;
                        receipt?: {
                            sequence: number;
                            hash: string;
                            signature: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            valid: boolean;
                            /** @description Entries that were looked at. */
                            checked: number;
                            problemCount: number;
                            problems: {
                                /** @enum {unknown} */
                                kind: "changed" | "unlinked" | "missing" | "unexpected" | "anchor" | "receipt";
                                /** @description 0 where it is about no entry. */
                                sequence: number;
                                /** @description Of entries; 1 but for `missing`. */
                                count: number;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/remove-exported": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove what was exported and is older than a date */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        before: string;
                        receipt: {
                            sequence: number;
                            hash: string;
                            signature: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many entries. */
                            removed: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log, or what of it matches, as a file */
        get: {
            parameters: {
                query: {
                    format: "ndjson" | "csv";
                    /** @description Types, or beginnings of types that end in a dot, separated by commas: `auth.,user.created`. */
                    type?: string;
                    outcome?: "done" | "refused";
                    /** @description Id of a user. */
                    actor?: number;
                    targetType?: string;
                    targetId?: string;
                    since?: string;
                    /** @description Not this moment itself. */
                    until?: string;
                    /** @description Part of the action, the actor’s name, the target or the details; ASCII letters in either case. */
                    text?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Oldest first. Of the whole log, the last line (NDJSON) or the trailer `Audit-Receipt` (CSV) holds the receipt that `POST /api/audit/remove-exported` takes. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                        "text/csv": string;
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every key, and who holds it */
        get: {
            parameters: {
                query?: {
                    /** @description Whether the sources are asked; else what is kept is told. */
                    fresh?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            secrets: {
                                key: string;
                                found: boolean;
                                source: string | null;
                                shadowed: {
                                    provider: string;
                                    sameValue: boolean;
                                }[];
                                unresolved?: {
                                    provider: string;
                                    kind: string;
                                }[];
                                /** @description With `fresh=false`: when the source was read. */
                                fetchedAt?: string;
                                /** @description With `fresh=false`: when it is asked again. */
                                cachedUntil?: string;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/secrets/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A key, and who holds it */
        get: {
            parameters: {
                query?: {
                    /** @description Whether the sources are asked; else what is kept is told. */
                    fresh?: boolean;
                };
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            key: string;
                            found: boolean;
                            source: string | null;
                            shadowed: {
                                provider: string;
                                sameValue: boolean;
                            }[];
                            unresolved?: {
                                provider: string;
                                kind: string;
                            }[];
                            /** @description With `fresh=false`: when the source was read. */
                            fetchedAt?: string;
                            /** @description With `fresh=false`: when it is asked again. */
                            cachedUntil?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Store a value in the secrets file */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            key: string;
                            found: boolean;
                            source: string | null;
                            shadowed: {
                                provider: string;
                                sameValue: boolean;
                            }[];
                            unresolved?: {
                                provider: string;
                                kind: string;
                            }[];
                            /** @description With `fresh=false`: when the source was read. */
                            fetchedAt?: string;
                            /** @description With `fresh=false`: when it is asked again. */
                            cachedUntil?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Delete a key from the secrets file */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/secrets/{key}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of a key at every provider */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            key: string;
                            /** @enum {unknown} */
                            status: "found" | "missing" | "unresolved";
                            source: string | null;
                            shadowed: {
                                provider: string;
                                sameValue: boolean;
                            }[];
                            steps: {
                                provider: string;
                                /** @enum {unknown} */
                                outcome: "hit" | "missing" | "failed" | "skipped" | "not_reached";
                                kind?: string;
                                message?: string;
                                hint?: string;
                                detail?: string;
                                stale?: boolean;
                                durationMs: number;
                                attempts: number;
                                /** @description Where the value was found. */
                                locator?: string;
                                version?: string;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/secrets/{key}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See a value */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description For the audit log. */
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            key: string;
                            value: string;
                            source: string;
                            version?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One’s own credentials, by provider and name */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                    /** @description Default: all. */
                    provider?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            credentials: {
                                id: number;
                                userId: number;
                                provider: string;
                                name: string;
                                description: string | null;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description ISO 8601, UTC. */
                                updatedAt: string;
                                /** @description Known to the minute; absent when it was never used. */
                                lastUsedAt?: string;
                                /** @description One that is not is kept, and not used. */
                                isActive: boolean;
                                /**
                                 * @description How old it is by the settings.
                                 * @enum {unknown}
                                 */
                                status: "active" | "expiring" | "stale";
                                /** @description Counts up with each value. */
                                version: number;
                            }[];
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Store one of one’s own credentials; one that is there gets the value and is active again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        provider: string;
                        name: string;
                        value: string;
                        /** @description Default: the one that is there. */
                        description?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/{provider}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of one’s own credentials */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove one of one’s own credentials, with its history */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Describe one of one’s own credentials */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        description: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/users/me/credentials/{provider}/{name}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let one of one’s own credentials be used again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/{provider}/{name}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let one of one’s own credentials be used no more */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/{provider}/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The values that one of one’s own credentials has had, newest first, without the values */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            versions: {
                                version: number;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description Name of who set it, at that time. */
                                createdBy: string | null;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/{provider}/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take up a value that one of one’s own credentials has had, as a new version */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description As the history has it. */
                        version: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke one’s own credentials: remove all of them, or those for one provider. Keys are rotated elsewhere */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Default: those for all providers. */
                        provider?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many there were. */
                            revoked: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A user’s credentials, by provider and name */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                    /** @description Default: all. */
                    provider?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            credentials: {
                                id: number;
                                userId: number;
                                provider: string;
                                name: string;
                                description: string | null;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description ISO 8601, UTC. */
                                updatedAt: string;
                                /** @description Known to the minute; absent when it was never used. */
                                lastUsedAt?: string;
                                /** @description One that is not is kept, and not used. */
                                isActive: boolean;
                                /**
                                 * @description How old it is by the settings.
                                 * @enum {unknown}
                                 */
                                status: "active" | "expiring" | "stale";
                                /** @description Counts up with each value. */
                                version: number;
                            }[];
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Store one of a user’s credentials; one that is there gets the value and is active again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        provider: string;
                        name: string;
                        value: string;
                        /** @description Default: the one that is there. */
                        description?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/{provider}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of a user’s credentials */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove one of a user’s credentials, with its history */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Describe one of a user’s credentials */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        description: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/users/{id}/credentials/{provider}/{name}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let one of a user’s credentials be used again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/{provider}/{name}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let one of a user’s credentials be used no more */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/{provider}/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The values that one of a user’s credentials has had, newest first, without the values */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            versions: {
                                version: number;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description Name of who set it, at that time. */
                                createdBy: string | null;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/{provider}/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take up a value that one of a user’s credentials has had, as a new version */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description As the history has it. */
                        version: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            userId: number;
                            provider: string;
                            name: string;
                            description: string | null;
                            /** @description ISO 8601, UTC. */
                            createdAt: string;
                            /** @description ISO 8601, UTC. */
                            updatedAt: string;
                            /** @description Known to the minute; absent when it was never used. */
                            lastUsedAt?: string;
                            /** @description One that is not is kept, and not used. */
                            isActive: boolean;
                            /**
                             * @description How old it is by the settings.
                             * @enum {unknown}
                             */
                            status: "active" | "expiring" | "stale";
                            /** @description Counts up with each value. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke a user’s credentials: remove all of them, or those for one provider. Keys are rotated elsewhere */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Default: those for all providers. */
                        provider?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many there were. */
                            revoked: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/{provider}/{name}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See the value of one of one’s own credentials */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description For the audit log. */
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            provider: string;
                            name: string;
                            value: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/{provider}/{name}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the service whether it accepts one of one’s own credentials */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether it is accepted; what is not known counts as not. */
                            valid: boolean;
                            /**
                             * @description `unsupported`: nobody knows how to ask; `missing`: there is no credential.
                             * @enum {unknown}
                             */
                            outcome: "valid" | "invalid" | "unknown" | "unsupported" | "missing";
                            /** @description Whose account it opens, where that is told. */
                            account?: string;
                            /** @enum {unknown} */
                            reason?: "timeout" | "unreachable" | "unexpected_answer";
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the service whether it accepts the credential that is used: one’s own own, else the global one */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        provider: string;
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether it is accepted; what is not known counts as not. */
                            valid: boolean;
                            /**
                             * @description `unsupported`: nobody knows how to ask; `missing`: there is no credential.
                             * @enum {unknown}
                             */
                            outcome: "valid" | "invalid" | "unknown" | "unsupported" | "missing";
                            /** @description Whose account it opens, where that is told. */
                            account?: string;
                            /** @enum {unknown} */
                            reason?: "timeout" | "unreachable" | "unexpected_answer";
                            /** @description `null` when nobody has one. */
                            source: ("user" | "global") | null;
                            /** @description The provider of secrets that has the global one. */
                            secretProvider?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/{provider}/{name}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the credential comes from that is used: one’s own own, or the global one */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `null` when nobody has one. */
                            source: ("user" | "global") | null;
                            /** @description The provider of secrets that has the global one. */
                            secretProvider?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/{provider}/{name}/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See the value of one of a user’s credentials */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description For the audit log. */
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            provider: string;
                            name: string;
                            value: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/{provider}/{name}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the service whether it accepts one of a user’s credentials */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether it is accepted; what is not known counts as not. */
                            valid: boolean;
                            /**
                             * @description `unsupported`: nobody knows how to ask; `missing`: there is no credential.
                             * @enum {unknown}
                             */
                            outcome: "valid" | "invalid" | "unknown" | "unsupported" | "missing";
                            /** @description Whose account it opens, where that is told. */
                            account?: string;
                            /** @enum {unknown} */
                            reason?: "timeout" | "unreachable" | "unexpected_answer";
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the service whether it accepts the credential that is used: a user’s own, else the global one */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        provider: string;
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether it is accepted; what is not known counts as not. */
                            valid: boolean;
                            /**
                             * @description `unsupported`: nobody knows how to ask; `missing`: there is no credential.
                             * @enum {unknown}
                             */
                            outcome: "valid" | "invalid" | "unknown" | "unsupported" | "missing";
                            /** @description Whose account it opens, where that is told. */
                            account?: string;
                            /** @enum {unknown} */
                            reason?: "timeout" | "unreachable" | "unexpected_answer";
                            /** @description `null` when nobody has one. */
                            source: ("user" | "global") | null;
                            /** @description The provider of secrets that has the global one. */
                            secretProvider?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/{provider}/{name}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the credential comes from that is used: a user’s own, or the global one */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    provider: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `null` when nobody has one. */
                            source: ("user" | "global") | null;
                            /** @description The provider of secrets that has the global one. */
                            secretProvider?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me/credentials/stale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One’s own credentials that were not changed for long, the longest unchanged first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                    /** @description Unchanged for so many. Default: the setting. */
                    days?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            credentials: {
                                id: number;
                                userId: number;
                                provider: string;
                                name: string;
                                description: string | null;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description ISO 8601, UTC. */
                                updatedAt: string;
                                /** @description Known to the minute; absent when it was never used. */
                                lastUsedAt?: string;
                                /** @description One that is not is kept, and not used. */
                                isActive: boolean;
                                /**
                                 * @description How old it is by the settings.
                                 * @enum {unknown}
                                 */
                                status: "active" | "expiring" | "stale";
                                /** @description Counts up with each value. */
                                version: number;
                            }[];
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/credentials/stale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A user’s credentials that were not changed for long, the longest unchanged first */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                    /** @description Unchanged for so many. Default: the setting. */
                    days?: number;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            credentials: {
                                id: number;
                                userId: number;
                                provider: string;
                                name: string;
                                description: string | null;
                                /** @description ISO 8601, UTC. */
                                createdAt: string;
                                /** @description ISO 8601, UTC. */
                                updatedAt: string;
                                /** @description Known to the minute; absent when it was never used. */
                                lastUsedAt?: string;
                                /** @description One that is not is kept, and not used. */
                                isActive: boolean;
                                /**
                                 * @description How old it is by the settings.
                                 * @enum {unknown}
                                 */
                                status: "active" | "expiring" | "stale";
                                /** @description Counts up with each value. */
                                version: number;
                            }[];
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/credentials/check-stale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which users have credentials that were not changed for long, the 100 with the most of them first */
        post: {
            parameters: {
                query?: {
                    /** @description Unchanged for so many. Default: the setting. */
                    days?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            thresholdDays: number;
                            /** @description Of all users, those that are not listed too. */
                            total: number;
                            users: {
                                userId: number;
                                name: string;
                                /** @description How many. */
                                stale: number;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/settings/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When credentials count as old */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            stale_threshold_days: number;
                            /** @description Whether one is shown as expiring before that. */
                            early_warning_enabled: boolean;
                            /** @description From which part of it on. */
                            early_warning_percent: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Set when credentials count as old; takes If-Match */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        stale_threshold_days: number;
                        /** @description Whether one is shown as expiring before that. */
                        early_warning_enabled: boolean;
                        /** @description From which part of it on. */
                        early_warning_percent: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            stale_threshold_days: number;
                            /** @description Whether one is shown as expiring before that. */
                            early_warning_enabled: boolean;
                            /** @description From which part of it on. */
                            early_warning_percent: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every provider that is known or configured, by name */
        get: {
            parameters: {
                query?: {
                    /** @description How many at most. */
                    limit?: number;
                    /** @description The `nextCursor` of the part before. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            providers: {
                                name: string;
                                /** @description Or only known, with every setting at its default. */
                                isConfigured: boolean;
                            }[];
                            /** @description For `cursor`; absent at the end of the list. */
                            nextCursor?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/providers/{provider}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The configuration of a provider */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            provider: string;
                            config: {
                                version_override?: string | null;
                                webhook_url?: string | null;
                                preferences?: {
                                    [key: string]: unknown;
                                };
                                cost_limit_enabled?: boolean;
                                cost_limit_amount?: number;
                                /** @enum {unknown} */
                                cost_limit_period?: "daily" | "weekly" | "monthly";
                                /** @enum {unknown} */
                                cost_limit_action?: "warn" | "block";
                                hardware_info?: {
                                    [key: string]: {
                                        [key: string]: unknown;
                                    };
                                };
                                hardware_profile?: string;
                                webhook_require_signature?: boolean;
                                webhook_allowed_ips?: string[];
                                ssl_verify?: boolean;
                                ssl_ca_bundle?: string;
                                proxy_url?: string;
                                http_timeout?: number;
                                webhook_rate_limit_max?: number;
                                webhook_rate_limit_window?: number;
                                s3_rate_limit_max?: number;
                                s3_rate_limit_window?: number;
                                org_id?: string;
                                api_base_url?: string;
                                max_runtime_minutes?: number;
                            };
                            /** @description The same as the `ETag`; 0 while nothing was configured. */
                            version: number;
                            withheld: string[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Change a configuration: what is absent or `null` stays; takes If-Match */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version_override?: string | null;
                        webhook_url?: string | null;
                        preferences?: {
                            [key: string]: unknown;
                        } | null;
                        cost_limit_enabled?: boolean | null;
                        cost_limit_amount?: number | null;
                        cost_limit_period?: string | null;
                        cost_limit_action?: string | null;
                        hardware_info?: {
                            [key: string]: {
                                [key: string]: unknown;
                            };
                        } | null;
                        hardware_profile?: string | null;
                        webhook_require_signature?: boolean | null;
                        webhook_allowed_ips?: string[] | null;
                        ssl_verify?: boolean | null;
                        ssl_ca_bundle?: string | null;
                        proxy_url?: string | null;
                        http_timeout?: number | null;
                        webhook_rate_limit_max?: number | null;
                        webhook_rate_limit_window?: number | null;
                        s3_rate_limit_max?: number | null;
                        s3_rate_limit_window?: number | null;
                        org_id?: string | null;
                        api_base_url?: string | null;
                        max_runtime_minutes?: number | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            provider: string;
                            config: {
                                version_override?: string | null;
                                webhook_url?: string | null;
                                preferences?: {
                                    [key: string]: unknown;
                                };
                                cost_limit_enabled?: boolean;
                                cost_limit_amount?: number;
                                /** @enum {unknown} */
                                cost_limit_period?: "daily" | "weekly" | "monthly";
                                /** @enum {unknown} */
                                cost_limit_action?: "warn" | "block";
                                hardware_info?: {
                                    [key: string]: {
                                        [key: string]: unknown;
                                    };
                                };
                                hardware_profile?: string;
                                webhook_require_signature?: boolean;
                                webhook_allowed_ips?: string[];
                                ssl_verify?: boolean;
                                ssl_ca_bundle?: string;
                                proxy_url?: string;
                                http_timeout?: number;
                                webhook_rate_limit_max?: number;
                                webhook_rate_limit_window?: number;
                                s3_rate_limit_max?: number;
                                s3_rate_limit_window?: number;
                                org_id?: string;
                                api_base_url?: string;
                                max_runtime_minutes?: number;
                            };
                            /** @description The same as the `ETag`; 0 while nothing was configured. */
                            version: number;
                            withheld: string[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/providers/{provider}/cost-limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How spending stands against the cost limit */
        get: {
            parameters: {
                query?: {
                    /** @description US dollars in the last `periodDays`: this server runs no jobs, and keeps no account of them. */
                    spent?: string;
                };
                header?: never;
                path: {
                    provider: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description `off` when there is no limit, `warning` from 80 % on, `exceeded` from 100 % on.
                             * @enum {unknown}
                             */
                            state: "off" | "within" | "warning" | "exceeded";
                            /** @description US dollars; absent when there is no limit. */
                            amount?: number;
                            /**
                             * @description Over how many days spending is added up.
                             * @enum {unknown}
                             */
                            periodDays: 1 | 7 | 30;
                            /** @description Whether no more may be spent: exceeded, and the action is to block. */
                            isBlocked: boolean;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/providers/{provider}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Store the token of a provider in the secrets file, then ask the provider about it */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        api_token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of the secret. */
                            key: string;
                            /** @description Whose value is used now; absent when nobody has one. */
                            source?: string;
                            shadowed: string[];
                            /** @description Whether it is accepted; what is not known counts as not. */
                            valid: boolean;
                            /**
                             * @description `unsupported`: nobody knows how to ask; `missing`: there is no credential.
                             * @enum {unknown}
                             */
                            outcome: "valid" | "invalid" | "unknown" | "unsupported" | "missing";
                            /** @description Whose account it opens, where that is told. */
                            account?: string;
                            /** @enum {unknown} */
                            reason?: "timeout" | "unreachable" | "unexpected_answer";
                            /** @description Whether it is what was saved that is used now, and no source above it. */
                            isUsed: boolean;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Remove the token of a provider from the secrets file; tells who still has one */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of the secret. */
                            key: string;
                            /** @description Whose value is used now; absent when nobody has one. */
                            source?: string;
                            shadowed: string[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/providers/{provider}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ask a provider whether it accepts the token that is used: one’s own, else the global one */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether it is accepted; what is not known counts as not. */
                            valid: boolean;
                            /**
                             * @description `unsupported`: nobody knows how to ask; `missing`: there is no credential.
                             * @enum {unknown}
                             */
                            outcome: "valid" | "invalid" | "unknown" | "unsupported" | "missing";
                            /** @description Whose account it opens, where that is told. */
                            account?: string;
                            /** @enum {unknown} */
                            reason?: "timeout" | "unreachable" | "unexpected_answer";
                            /** @description `null` when nobody has one. */
                            source: ("user" | "global") | null;
                            /** @description The provider of secrets that has the global one. */
                            secretProvider?: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hardware": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What GPUs cost */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            hardware: {
                                [key: string]: {
                                    name: string;
                                    cost_per_second: number;
                                };
                            };
                            /** @description Or the default prices are in force. */
                            isConfigured: boolean;
                            /** @description The same as the `ETag`. */
                            version: number;
                            profiles: {
                                id: string;
                                /** @description For people. */
                                label: string;
                                /** @description Of the prices. */
                                hardware: string;
                                gpus: number;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Replace the prices; takes If-Match */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description By identifier. Empty: the default prices are in force again. */
                        hardware: {
                            [key: string]: {
                                /** @description For people. */
                                name: string;
                                /** @description US dollars. */
                                cost_per_second: number;
                            };
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            hardware: {
                                [key: string]: {
                                    name: string;
                                    cost_per_second: number;
                                };
                            };
                            /** @description Or the default prices are in force. */
                            isConfigured: boolean;
                            /** @description The same as the `ETag`. */
                            version: number;
                            profiles: {
                                id: string;
                                /** @description For people. */
                                label: string;
                                /** @description Of the prices. */
                                hardware: string;
                                gpus: number;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/hardware/cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the use of hardware costs, in exact decimals; changes nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Of the prices; this or a profile. */
                        hardware?: string;
                        /** @description Such as `h100-x2`. */
                        profile?: string;
                        /** @description Default: 1; a profile says it itself. */
                        gpus?: number;
                        /** @description Give this or the other. */
                        seconds?: number;
                        /** @description Give this or the other. */
                        hours?: number;
                        /** @description Behind the point. Default: nothing is rounded. */
                        digits?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description US dollars, as decimal digits. */
                            cost: string;
                            hardware: string;
                            gpus: number;
                            /** @description Of one GPU. */
                            costPerSecond: number;
                            /** @description Of the prices. */
                            version: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/replicate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take in a webhook by Standard Webhooks, signed with CLOUD_WEBHOOK_SECRET */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Of at most 256 characters. */
                    "webhook-id"?: string;
                    /** @description Seconds since 1970, not older than 300. */
                    "webhook-timestamp"?: string;
                    /** @description `v1,` and the HMAC-SHA256 of `id.timestamp.body` as base64; several by spaces. */
                    "webhook-signature"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            received: true;
                            /** @description Whether it had come in before, and nothing was done. */
                            isRepeated: boolean;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/providers/{provider}/webhook/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a signed webhook `test` to the configured address */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    provider: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            isAccepted: boolean;
                            /** @description Of the answer; absent when there was none. */
                            status?: number;
                            /**
                             * @description Why there was no answer.
                             * @enum {unknown}
                             */
                            fault?: "not_public" | "unreachable" | "timeout";
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every provider of secrets, in the order in which they are asked */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            providers: {
                                name: string;
                                /** @description Whether it is configured. */
                                available: boolean;
                                /** @description A file, an address, a region; never a secret. */
                                facts: {
                                    [key: string]: string | number | boolean;
                                };
                                /**
                                 * @description `open`: it is not asked at present.
                                 * @enum {unknown}
                                 */
                                breaker: "closed" | "open" | "half_open" | "off";
                                calls: number;
                                failures: number;
                                retries: number;
                                latencyMs?: {
                                    p50: number;
                                    p95: number;
                                };
                                lastOkAt?: string;
                                lastFailure?: {
                                    kind: string;
                                    at: string;
                                };
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a provider is, as of the last 10 seconds */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            provider: string;
                            /** @enum {unknown} */
                            status: "ready" | "degraded" | "failed" | "not_configured";
                            /** @description Why it failed. */
                            kind?: string;
                            latencyMs?: number;
                            findings: {
                                /** @description Stable; branch on this. */
                                id: string;
                                /** @enum {unknown} */
                                severity: "info" | "warning" | "error";
                                message: string;
                                /** @description What to do about it. */
                                fix?: string;
                            }[];
                            /** @description Whether it is there and locked. */
                            sealed: boolean;
                            /** @description For how long its token is still good. */
                            tokenSeconds?: number;
                            checkedAt: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the providers now how they are, and tell of one */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            provider: string;
                            /** @enum {unknown} */
                            status: "ready" | "degraded" | "failed" | "not_configured";
                            /** @description Why it failed. */
                            kind?: string;
                            latencyMs?: number;
                            findings: {
                                /** @description Stable; branch on this. */
                                id: string;
                                /** @enum {unknown} */
                                severity: "info" | "warning" | "error";
                                message: string;
                                /** @description What to do about it. */
                                fix?: string;
                            }[];
                            /** @description Whether it is there and locked. */
                            sealed: boolean;
                            /** @description For how long its token is still good. */
                            tokenSeconds?: number;
                            checkedAt: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/caches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every cache, and how often it answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            caches: {
                                name: string;
                                /** @description Since the server started; of this instance. Absent where the cache tells none. */
                                figures?: {
                                    size: number;
                                    maxSize?: number;
                                    hits: number;
                                    misses: number;
                                    hitRatio: number;
                                    evictions: number;
                                    expirations?: number;
                                };
                                /** @description How long the latest 200 loads took. */
                                loads: {
                                    loads: number;
                                    failures: number;
                                    p50Ms?: number;
                                    p95Ms?: number;
                                };
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/caches/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in a cache, oldest first */
        get: {
            parameters: {
                query?: {
                    /** @description Seconds back. */
                    window?: "300" | "3600" | "86400";
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            points: {
                                /** @description The end of the time that it is about. */
                                at: string;
                                hits: number;
                                misses: number;
                                hitRatio?: number;
                                evictions: number;
                                size: number;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/caches/{name}/invalidate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Clear a cache or a part of it in all instances, or count first */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            /** @description One of `key`, `prefix` and `all`. */
            requestBody: {
                content: {
                    "application/json": {
                        key?: string;
                        /** @description All keys that begin so. */
                        prefix?: string;
                        /** @enum {boolean} */
                        all?: true;
                        /**
                         * @description Whether to count only.
                         * @default false
                         */
                        dryRun?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Entries of this instance; others clear theirs too. */
                            count: number;
                            dryRun: boolean;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The key of the credentials, without the key, and its latest rotation */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            source: "file" | "environment";
                            /** @description Of the key that encrypts. */
                            fingerprint: string;
                            /** @description When it began to encrypt, where that is known. */
                            since?: string;
                            ageDays?: number;
                            /** @description Of the key that it can be changed to. */
                            nextFingerprint?: string;
                            /** @description Of the key of before, which is still needed. */
                            previousFingerprint?: string;
                            /** @description What whoever runs the server has to do. */
                            advice?: string;
                            rotation?: {
                                id: number;
                                /**
                                 * @description `failed`: some values cannot be decrypted, and the old key is still needed; it can be begun again.
                                 * @enum {unknown}
                                 */
                                state: "reencrypting" | "verifying" | "failed" | "done";
                                isPaused: boolean;
                                /** @description Of the new key. */
                                fingerprint: string;
                                total: number;
                                /** @description In this state. */
                                processed: number;
                                failed: number;
                                startedAt: string;
                                finishedAt?: string;
                                /** @description Of both states together. */
                                progress: number;
                                /** @description Values a second; absent when that is not known. */
                                rate?: number;
                                /** @description Absent when that is not known. */
                                secondsLeft?: number;
                            };
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/rotation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the latest rotation of the key has come */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            /**
                             * @description `failed`: some values cannot be decrypted, and the old key is still needed; it can be begun again.
                             * @enum {unknown}
                             */
                            state: "reencrypting" | "verifying" | "failed" | "done";
                            isPaused: boolean;
                            /** @description Of the new key. */
                            fingerprint: string;
                            total: number;
                            /** @description In this state. */
                            processed: number;
                            failed: number;
                            startedAt: string;
                            finishedAt?: string;
                            /** @description Of both states together. */
                            progress: number;
                            /** @description Values a second; absent when that is not known. */
                            rate?: number;
                            /** @description Absent when that is not known. */
                            secondsLeft?: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Change the key: everything is encrypted anew in the background */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            /**
                             * @description `failed`: some values cannot be decrypted, and the old key is still needed; it can be begun again.
                             * @enum {unknown}
                             */
                            state: "reencrypting" | "verifying" | "failed" | "done";
                            isPaused: boolean;
                            /** @description Of the new key. */
                            fingerprint: string;
                            total: number;
                            /** @description In this state. */
                            processed: number;
                            failed: number;
                            startedAt: string;
                            finishedAt?: string;
                            /** @description Of both states together. */
                            progress: number;
                            /** @description Values a second; absent when that is not known. */
                            rate?: number;
                            /** @description Absent when that is not known. */
                            secondsLeft?: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/rotation/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause the rotation of the key */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            /**
                             * @description `failed`: some values cannot be decrypted, and the old key is still needed; it can be begun again.
                             * @enum {unknown}
                             */
                            state: "reencrypting" | "verifying" | "failed" | "done";
                            isPaused: boolean;
                            /** @description Of the new key. */
                            fingerprint: string;
                            total: number;
                            /** @description In this state. */
                            processed: number;
                            failed: number;
                            startedAt: string;
                            finishedAt?: string;
                            /** @description Of both states together. */
                            progress: number;
                            /** @description Values a second; absent when that is not known. */
                            rate?: number;
                            /** @description Absent when that is not known. */
                            secondsLeft?: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/rotation/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the rotation of the key go on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            /**
                             * @description `failed`: some values cannot be decrypted, and the old key is still needed; it can be begun again.
                             * @enum {unknown}
                             */
                            state: "reencrypting" | "verifying" | "failed" | "done";
                            isPaused: boolean;
                            /** @description Of the new key. */
                            fingerprint: string;
                            total: number;
                            /** @description In this state. */
                            processed: number;
                            failed: number;
                            startedAt: string;
                            finishedAt?: string;
                            /** @description Of both states together. */
                            progress: number;
                            /** @description Values a second; absent when that is not known. */
                            rate?: number;
                            /** @description Absent when that is not known. */
                            secondsLeft?: number;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/rotation/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the rotation of the key goes on, as it happens */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Events `progress` with the rotation, then `end` with how it ended. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server runs */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/metrics/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server runs, under SimpleTuner’s path */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server can be used */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/metrics/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server can be used, under SimpleTuner’s path */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cloud/metrics/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How each part of the server is */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description The gravest of all.
                             * @enum {unknown}
                             */
                            status: "healthy" | "degraded" | "unhealthy";
                            components: {
                                /** @description `database`, `credential-key`, `audit-log`, `caches`, `provider:…`. */
                                name: string;
                                /** @enum {unknown} */
                                status: "healthy" | "degraded" | "unhealthy" | "off";
                                latencyMs?: number;
                                message?: string;
                                fix?: string;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is wrong or should not stay so, the gravest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            findings: {
                                /** @description `provider:…`, `secrets`, `files`, `key` or `audit`. */
                                area: string;
                                /** @description Stable; branch on this. */
                                id: string;
                                /** @enum {unknown} */
                                severity: "error" | "warning" | "info";
                                message: string;
                                /** @description What to do about it. */
                                fix?: string;
                            }[];
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a backup without the keys, for a server that has them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The backup: lines of JSON, the last of which holds a checksum of the others. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Download a backup with the keys, which a passphrase seals */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Seals the keys in it. */
                        passphrase: string;
                    };
                };
            };
            responses: {
                /** @description The backup: lines of JSON, the last of which holds a checksum of the others. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backup/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a backup in the place of everything; everybody has to sign in again */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description What the keys in it are sealed with: UTF-8 as base64. */
                    "backup-passphrase"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description When the backup was made. */
                            createdAt: string;
                            /** @description By table. */
                            rows: {
                                [key: string]: number;
                            };
                            /** @description Values that did not decrypt when the backup was made either. */
                            undecryptable: number;
                            /** @description Which audit log there is now: `kept`, or that of the backup, `restored`. */
                            log: string;
                        };
                    };
                };
                /** @description Why it was refused, or failed. */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Why it was refused, or failed. */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            /** @enum {string} */
            type: "about:blank";
            /** @description The status in words. */
            title: string;
            status: number;
            /** @description What was wrong with this request, and what to do. */
            detail: string;
            /** @description Stable; branch on this. */
            code: string;
            /** @description Tells the request apart in the log and the audit log. */
            requestId: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
