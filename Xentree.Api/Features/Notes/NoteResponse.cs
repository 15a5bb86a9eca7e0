using System.Linq.Expressions;
using NodaTime;
using Xentree.Data.Notes;

namespace Xentree.Api.Features.Notes;

/// <summary>A note.</summary>
public sealed record NoteResponse : IExample<NoteResponse>
{
    /// <summary>The id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The text, as it was written.</summary>
    public required string Content { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <inheritdoc/>
    public static NoteResponse Example { get; } = new()
    {
        Id = Guid.Parse("01981f6e-8f00-7c3a-9a51-3f6f1c0d2e01"),
        Title = NoteRequest.Example.Title,
        Content = NoteRequest.Example.Content,
        CreatedAt = Instant.FromUtc(2026, 3, 1, 9, 10),
        UpdatedAt = Instant.FromUtc(2026, 3, 1, 9, 10),
    };

    /// <summary>As queries read it.</summary>
    internal static Expression<Func<Note, NoteResponse>> Of { get; } = note => new NoteResponse
    {
        Id = note.Id,
        Title = note.Title,
        Content = note.Content,
        CreatedAt = note.CreatedAt,
        UpdatedAt = note.UpdatedAt,
    };

    /// <summary>As it is made of a row.</summary>
    internal static Func<Note, NoteResponse> From { get; } = Of.Compile();
}
