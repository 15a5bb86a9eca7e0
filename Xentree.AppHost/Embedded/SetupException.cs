namespace Xentree.AppHost.Embedded;

/// <summary>Something that the person at the keyboard can mend: what is wrong, and the remedy, in one sentence each.</summary>
/// <param name="sentence">What is wrong.</param>
/// <param name="remedy">What to do about it.</param>
public sealed class SetupException(string sentence, string remedy) : Exception($"{sentence} {remedy}");
