using System.Globalization;

namespace Xentree.Bench.Load;

/// <summary>A figure that was measured several times.</summary>
/// <param name="values">What was measured.</param>
internal sealed class Spread(IEnumerable<double> values)
{
    private readonly double[] _values = [.. values.Order()];

    public double Median => _values.Length % 2 == 1 ? _values[_values.Length / 2] : (_values[(_values.Length / 2) - 1] + _values[_values.Length / 2]) / 2;

    public double Min => _values[0];

    public double Max => _values[^1];

    /// <summary>The median, and the least and the most.</summary>
    public string Text(string format) => _values.Length == 1
        ? Median.ToString(format, CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Min.ToString(format, CultureInfo.InvariantCulture)}–{Max.ToString(format, CultureInfo.InvariantCulture)})");
}
