using System.Text.Json;

namespace Xentree.Tests;

/// <summary>A provider's wire format, as its documentation has it. Every whole answer costs 11 tokens of prompt and 7 of answer.</summary>
public abstract class Wire(string kind, string mediaType)
{
    /// <summary>The formats by the kind of provider that speaks them.</summary>
    public static IReadOnlyDictionary<string, Wire> All { get; } =
        new Wire[] { new OpenAIWire("openai", "/v1"), new OpenAIWire("openai-compatible", "/v1"), new OpenAIWire("azure-openai", ""), new AnthropicWire(), new OllamaWire() }.ToDictionary(w => w.Kind);

    public string Kind => kind;

    public string MediaType => mediaType;

    /// <summary>What <c>BaseUrl</c> has after the server's address.</summary>
    public virtual string BasePath => "";

    public virtual string Begin(string model) => "";

    public abstract string Word(string model, string word);

    public abstract string End(string model);

    public abstract string Tool(string model, string name, string arguments);

    public abstract object Error(string message);

    /// <summary>The turns that were sent, as the format has them: system texts among them.</summary>
    public virtual string Sent(JsonElement request) => request.GetProperty("messages").GetRawText();
}

internal sealed class OpenAIWire(string kind, string basePath) : Wire(kind, "text/event-stream")
{
    public override string BasePath => basePath;

    public override string Word(string model, string word) => Chunk(model, new { role = "assistant", content = word }, null);

    public override string End(string model) => Chunk(model, new { }, "stop") + Last(model);

    public override string Tool(string model, string name, string arguments) =>
        Chunk(model, new { role = "assistant", tool_calls = new[] { new { index = 0, id = "call_1", type = "function", function = new { name, arguments } } } }, null)
        + Chunk(model, new { }, "tool_calls") + Last(model);

    public override object Error(string message) => new { error = new { message, type = "server_error", code = "oops" } };

    private static string Last(string model) =>
        Data(new { id = "chatcmpl-1", @object = "chat.completion.chunk", created = 1_772_000_000, model, choices = Array.Empty<object>(), usage = new { prompt_tokens = 11, completion_tokens = 7, total_tokens = 18 } })
        + "data: [DONE]\n\n";

    private static string Chunk(string model, object delta, string? finish) =>
        Data(new { id = "chatcmpl-1", @object = "chat.completion.chunk", created = 1_772_000_000, model, choices = new[] { new { index = 0, delta, finish_reason = finish } } });

    private static string Data(object data) => $"data: {JsonSerializer.Serialize(data)}\n\n";
}

internal sealed class AnthropicWire() : Wire("anthropic", "text/event-stream")
{
    public override string Begin(string model) => Event("message_start", new
    {
        type = "message_start",
        message = new
        {
            id = "msg_1",
            type = "message",
            role = "assistant",
            model,
            content = Array.Empty<object>(),
            stop_reason = (string?)null,
            stop_sequence = (string?)null,
            usage = new { input_tokens = 11, output_tokens = 1 },
        },
    }) + Event("ping", new { type = "ping" });

    public override string Word(string model, string word) =>
        Event("content_block_start", new { type = "content_block_start", index = 0, content_block = new { type = "text", text = "" } })
        + Event("content_block_delta", new { type = "content_block_delta", index = 0, delta = new { type = "text_delta", text = word } })
        + Event("content_block_stop", new { type = "content_block_stop", index = 0 });

    public override string End(string model) => Stop("end_turn");

    public override string Tool(string model, string name, string arguments) =>
        Event("content_block_start", new { type = "content_block_start", index = 0, content_block = new { type = "tool_use", id = "toolu_1", name, input = new { } } })
        + Event("content_block_delta", new { type = "content_block_delta", index = 0, delta = new { type = "input_json_delta", partial_json = arguments } })
        + Event("content_block_stop", new { type = "content_block_stop", index = 0 })
        + Stop("tool_use");

    public override object Error(string message) => new { type = "error", error = new { type = "api_error", message } };

    public override string Sent(JsonElement request) => request.GetProperty("system").GetRawText() + request.GetProperty("messages").GetRawText();

    private static string Stop(string reason) =>
        Event("message_delta", new { type = "message_delta", delta = new { stop_reason = reason, stop_sequence = (string?)null }, usage = new { output_tokens = 7 } })
        + Event("message_stop", new { type = "message_stop" });

    private static string Event(string name, object data) => $"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n";
}

internal sealed class OllamaWire() : Wire("ollama", "application/x-ndjson")
{
    public override string Word(string model, string word) => Line(new { model, created_at = "2026-03-01T09:00:00Z", message = new { role = "assistant", content = word }, done = false });

    public override string End(string model) => Line(new
    {
        model,
        created_at = "2026-03-01T09:00:01Z",
        message = new { role = "assistant", content = "" },
        done = true,
        done_reason = "stop",
        total_duration = 1_000,
        load_duration = 1,
        prompt_eval_count = 11,
        prompt_eval_duration = 1,
        eval_count = 7,
        eval_duration = 1,
    });

    public override string Tool(string model, string name, string arguments) =>
        Line(new
        {
            model,
            created_at = "2026-03-01T09:00:00Z",
            message = new { role = "assistant", content = "", tool_calls = new[] { new { function = new { name, arguments = JsonElement.Parse(arguments) } } } },
            done = false,
        }) + End(model);

    public override object Error(string message) => new { error = message };

    private static string Line(object data) => JsonSerializer.Serialize(data) + "\n";
}
