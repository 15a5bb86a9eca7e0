using System.Diagnostics;

namespace Xentree.Api.Http;

/// <summary>The id by which a request is found again: its trace id.</summary>
public static class RequestId
{
    /// <summary>The header that every answer carries it in.</summary>
    public const string Header = "X-Request-Id";

    /// <summary>The id of the request.</summary>
    public static string Of(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
