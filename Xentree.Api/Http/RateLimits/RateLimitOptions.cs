using System.ComponentModel.DataAnnotations;

namespace Xentree.Api.Http.RateLimits;

/// <summary>How many requests a minute are served (section <c>RateLimits</c>).</summary>
public sealed class RateLimitOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "RateLimits";

    /// <summary>Requests a minute for a signed-in user or an API key.</summary>
    [Range(1, 1_000_000_000)]
    public int Caller { get; init; } = 1_200;

    /// <summary>Requests a minute for an address without credentials.</summary>
    [Range(1, 1_000_000_000)]
    public int Anonymous { get; init; } = 300;

    /// <summary>Failed log-ins a minute for one account from one address.</summary>
    [Range(1, 1_000_000_000)]
    public int LoginFailures { get; init; } = 10;

    /// <summary>Tries to log in a minute for an address.</summary>
    [Range(1, 1_000_000_000)]
    public int LoginTries { get; init; } = 120;

    /// <summary>Registrations a minute for an address.</summary>
    [Range(1, 1_000_000_000)]
    public int Register { get; init; } = 60;

    /// <summary>Chat turns a minute for a user.</summary>
    [Range(1, 1_000_000_000)]
    public int Chat { get; init; } = 60;
}

/// <summary>A limit of an operation's own, beside the caller's.</summary>
/// <param name="Name">Its name in the headers.</param>
/// <param name="Quota">Its quota.</param>
/// <param name="PerUser">Whether it counts for the user; else for the address.</param>
public sealed record RateLimitPolicy(string Name, Func<RateLimitOptions, int> Quota, bool PerUser)
{
    /// <summary>Registrations.</summary>
    public static RateLimitPolicy Register { get; } = new("register", o => o.Register, PerUser: false);

    /// <summary>Tries to log in.</summary>
    public static RateLimitPolicy Login { get; } = new("login", o => o.LoginTries, PerUser: false);

    /// <summary>Chat turns.</summary>
    public static RateLimitPolicy Chat { get; } = new("chat", o => o.Chat, PerUser: true);
}

/// <summary>Puts a limit on operations.</summary>
public static class RateLimiting
{
    extension<TBuilder>(TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>Counts calls against <paramref name="policy"/> too.</summary>
        public TBuilder LimitedBy(RateLimitPolicy policy) => builder.WithMetadata(policy);
    }
}
