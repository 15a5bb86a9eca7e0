using System.Text;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Xentree.Domain.Knowledge;

namespace Xentree.Worker.Knowledge.Formats;

/// <summary>Markdown: its words without its marks.</summary>
internal static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseYamlFrontMatter().Build();

    public static IEnumerable<TextBlock> Read(string markdown) => Read(Markdown.Parse(markdown, Pipeline));

    private static IEnumerable<TextBlock> Read(ContainerBlock container)
    {
        foreach (var block in container)
        {
            switch (block)
            {
                case YamlFrontMatterBlock or LinkReferenceDefinitionGroup:
                    break;
                case HeadingBlock heading:
                    yield return new(Words(heading.Inline), heading.Level);
                    break;
                case HtmlBlock html:
                    foreach (var inside in HtmlText.Read(html.Lines.ToString())) yield return inside;
                    break;
                case TableRow row:
                    yield return new(string.Join(" | ", row.OfType<TableCell>().Select(cell => string.Join(' ', Read(cell).Select(inside => inside.Text)))));
                    break;
                case LeafBlock { Inline: { } inline }:
                    yield return new(Words(inline));
                    break;
                case LeafBlock leaf:
                    yield return new(leaf.Lines.ToString());
                    break;
                case ContainerBlock inner:
                    foreach (var inside in Read(inner)) yield return inside;
                    break;
            }
        }
    }

    private static string Words(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines?.Descendants() ?? [])
        {
            switch (inline)
            {
                case LiteralInline literal: text.Append(literal.Content.AsSpan()); break;
                case CodeInline code: text.Append(code.Content); break;
                case HtmlEntityInline entity: text.Append(entity.Transcoded.AsSpan()); break;
                case AutolinkInline link: text.Append(link.Url); break;
                case LineBreakInline lines: text.Append(lines.IsHard ? '\n' : ' '); break;
            }
        }

        return text.ToString();
    }
}
