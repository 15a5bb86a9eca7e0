namespace Xentree.Ai;

/// <summary>What can be corrected of a text at once, without asking any server.</summary>
public static class TextCorrections
{
    /// <summary>What the rules of the provider <c>local</c> find in a text, in its order. They prefer to miss an error than to blame what is right.</summary>
    /// <param name="text">The text.</param>
    public static IReadOnlyList<Correction> In(string text) => Correction.In(text);
}
