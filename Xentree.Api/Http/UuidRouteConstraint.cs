namespace Xentree.Api.Http;

/// <summary>An id in a path is a UUID in its usual text; anything else is no id, so the address is not found.</summary>
internal sealed class UuidRouteConstraint : IRouteConstraint
{
    public const string Name = "uuid";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && value is string text && Guid.TryParseExact(text, "D", out _);
}
