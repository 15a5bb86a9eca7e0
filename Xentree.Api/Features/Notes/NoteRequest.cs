using System.ComponentModel.DataAnnotations;

namespace Xentree.Api.Features.Notes;

/// <summary>A note, as it is to be.</summary>
public sealed record NoteRequest : IExample<NoteRequest>
{
    /// <summary>The title.</summary>
    [Required]
    [Text(1, 200)]
    public string Title { get; init; } = null!;

    /// <summary>The text; it may be empty.</summary>
    [Required(AllowEmptyStrings = true)]
    [Text(0, 20_000)]
    public string Content { get; init; } = null!;

    /// <inheritdoc/>
    public static NoteRequest Example { get; } = new()
    {
        Title = "Countable or not",
        Content = "Information, advice and furniture take no plural: two pieces of advice.",
    };
}
