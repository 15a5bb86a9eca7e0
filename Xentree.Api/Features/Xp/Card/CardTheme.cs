namespace Xentree.Api.Features.Xp.Card;

/// <summary>The colours of a card.</summary>
internal enum CardTheme
{
    /// <summary>Light or dark, as the reader prefers.</summary>
    Auto,

    /// <summary>Light.</summary>
    Light,

    /// <summary>Dark.</summary>
    Dark,
}

/// <summary><c>?theme=</c>.</summary>
internal static class CardThemes
{
    private const string Name = "theme";

    private static readonly string[] Values = [.. Enum.GetNames<CardTheme>().Select(name => name.ToLowerInvariant())];

    /// <summary>The parameter, for the document.</summary>
    public static QueryParameter Parameter { get; } = new(Name, "`light` or `dark`; `auto` follows the reader's preference.", Values: Values);

    /// <summary>Reads it.</summary>
    public static CardTheme Read(IQueryCollection query)
    {
        if (!query.TryGetValue(Name, out var text)) return CardTheme.Auto;

        return Array.IndexOf(Values, text.ToString()) is var index and >= 0
            ? (CardTheme)index
            : throw Failures.Validation(Name, "must be auto, light or dark").AsException();
    }
}
