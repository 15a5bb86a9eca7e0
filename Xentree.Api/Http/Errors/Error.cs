using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xentree.Api.Http.Errors;

/// <summary>What every error looks like, whoever raised it.</summary>
/// <param name="Detail">What went wrong.</param>
public sealed record Error(ErrorDetail Detail) : IExample<Error>
{
    /// <inheritdoc/>
    public static Error Example { get; } = new(new ErrorDetail
    {
        Error = "not_found",
        Message = "There is nothing here, or you may not see it.",
        RequestId = "4bf92f3577b34da6a3ce929d0e0e4736",
    });
}

/// <summary>The code, a sentence for people, and where to look it up.</summary>
public sealed record ErrorDetail
{
    /// <summary>The code: stable, for programs.</summary>
    public required string Error { get; init; }

    /// <summary>A sentence for people; its wording may change.</summary>
    public required string Message { get; init; }

    /// <summary>The trace id of the request, the same as the <c>X-Request-Id</c> header.</summary>
    public required string RequestId { get; init; }

    /// <summary>With <c>validation_failed</c>: what is wrong with which field, by its JSON name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Further members that belong to the code, such as <c>required_scope</c>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; init; }
}
