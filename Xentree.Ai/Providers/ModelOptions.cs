using System.ComponentModel;
using System.Globalization;

namespace Xentree.Ai;

/// <summary>Settings of one model: its name alone, or a section (<c>AI:Providers:&lt;id&gt;:Models:0:Name</c> and so on).</summary>
[TypeConverter(typeof(FromName))]
public sealed class ModelOptions
{
    /// <summary>The name by which the provider knows it.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many tokens it can hold, prompt and answer together; a careful guess by the provider's kind when absent.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>How long an answer may be, in tokens.</summary>
    public int AnswerTokens { get; init; } = 2_048;

    /// <summary>The price of a million tokens sent, in millionths of the currency unit: 2,500,000 for 2.50.</summary>
    public long PromptPrice { get; init; }

    /// <summary>The price of a million tokens of an answer, in millionths of the currency unit.</summary>
    public long CompletionPrice { get; init; }

    private sealed class FromName : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => new ModelOptions { Name = (string)value };
    }
}
