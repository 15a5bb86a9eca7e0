using System.Globalization;
using CsCheck;

namespace Xentree.Tests.Xp;

/// <summary>How many generated histories a property is held against: enough for a few seconds, more when the environment says so.</summary>
internal static class Histories
{
    private static readonly string? Asked = Environment.GetEnvironmentVariable("XENTREE_HISTORIES");

    /// <summary>Holds a property; CsCheck prints the seed of the history that breaks it.</summary>
    public static void Hold<T>(this Gen<T> histories, Action<T> property, long few = 2_000) =>
        histories.Sample(property, iter: Asked is null ? few : long.Parse(Asked, CultureInfo.InvariantCulture), threads: 2);
}
