using Microsoft.AspNetCore.Http.HttpResults;
using Xentree.Ai;

namespace Xentree.Api.Features.Conversations;

/// <summary>An AI provider of this installation.</summary>
public sealed record ProviderResponse : IExample<ProviderResponse>
{
    /// <summary>The id, for <c>provider</c> of a chat.</summary>
    public required string Id { get; init; }

    /// <summary>The name to show.</summary>
    public required string Name { get; init; }

    /// <summary>Its models.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The model that answers.</summary>
    public required string DefaultModel { get; init; }

    /// <summary>Whether it can be asked; it cannot without its key, nor for a moment after it failed too often.</summary>
    public required bool Available { get; init; }

    /// <summary>Whether <c>auto</c> asks it first.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>What it can do: <c>chat</c>, <c>streaming</c>; <c>hosted</c> for a language model on another server, <c>tools</c> where it may look things up for you; <c>corrections</c> and <c>exercises</c> for the rules.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <inheritdoc/>
    public static ProviderResponse Example { get; } = new()
    {
        Id = "local",
        Name = "Xentree rules",
        Models = ["rules-1"],
        DefaultModel = "rules-1",
        Available = true,
        IsDefault = true,
        Capabilities = ["chat", "streaming", "corrections", "exercises"],
    };
}

internal static class ListProviders
{
    public static Ok<ProviderResponse[]> Handle(ChatRouter router) => TypedResults.Ok(router.Providers
        .Select(provider => new ProviderResponse
        {
            Id = provider.Id,
            Name = provider.Name,
            Models = provider.Models,
            DefaultModel = provider.DefaultModel,
            Available = provider.Available,
            IsDefault = provider.IsDefault,
            Capabilities = provider.Capabilities,
        })
        .ToArray());
}
