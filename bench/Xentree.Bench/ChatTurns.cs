using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xentree.Bench.Data;
using Xentree.Bench.Hosts;
using Xentree.Bench.Load;
using Xentree.Bench.Report;

namespace Xentree.Bench;

/// <summary>
/// Turns of a stored conversation, streamed from a provider on the loopback: straight from it, through a bare relay, and through the API
/// with its authentication, limits, budget and storage. What the provider and the client cost is taken off both.
/// </summary>
internal sealed class ChatTurns : IBenchmark
{
    private const int Users = 200;
    private const int Conversations = 20_000;
    private const int Words = 40;
    private const int Open = 500;
    private const int WarmUp = 500;

    private int _next;

    public string Name => "chat";

    public string Title => "Chat";

    public async Task RunAsync(BenchDatabase database, bool isQuick, BenchReport report, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        await database.AddLearnersAsync(0, Users, now.AddDays(-2), cancellation);
        await database.SignInAsync(0, Users, now, cancellation);
        await TalkAsync(database, now, cancellation);
        await using var provider = await ModelHost.StartAsync(cancellation);
        await using var api = await ApiReplica.StartAsync(
            database, null, cancellation,
            [
                "AI:Budget:Free=1000000000",
                .. ModelHost.Behaviours.SelectMany(behaviour => (string[])
                [
                    $"AI:Providers:{behaviour}:Kind=openai-compatible", $"AI:Providers:{behaviour}:BaseUrl={provider.Of(behaviour)}",
                    $"AI:Providers:{behaviour}:Models:0=bench", $"AI:Providers:{behaviour}:MaxConcurrent=1000", $"AI:Providers:{behaviour}:Tools=false",
                ]),
            ]);
        await database.SettleAsync(cancellation);
        await using var relay = await Relay.StartAsync(provider, cancellation);
        var tokens = new string[Users];
        for (var user = 0; user < Users; user++) tokens[user] = await api.TokenAsync(Learners.UserId(user), Learners.SessionId(user), cancellation);

        using var http = new HttpMessageInvoker(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseCookies = false, UseProxy = false });
        Func<string, HttpRequestMessage> direct = behaviour => Post(new Uri(provider.Of(behaviour) + "/chat/completions"), ModelHost.Request);
        Func<string, HttpRequestMessage> relayed = behaviour => Post(new Uri(relay.Address, behaviour), ModelHost.Request);
        Func<string, HttpRequestMessage> ours = behaviour =>
        {
            var number = Interlocked.Increment(ref _next) % Conversations;
            var request = Post(new Uri(api.Address, "/api/core/chat"), $$"""{"message":"And what did you do then?","provider":"{{behaviour}}","conversation_id":"{{ConversationId(number)}}"}""");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[number % Users]);
            request.Headers.Accept.ParseAdd("text/event-stream");
            return request;
        };
        (string Name, Func<string, HttpRequestMessage> Make)[] ways = [("direct", direct), ("relay", relayed), ("ours", ours)];

        // By count and not by time: who is slow at first has the more to warm up.
        foreach (var (_, make) in ways)
        {
            for (var turn = 0; turn < WarmUp; turn++) await DrainAsync(await OpenAsync(make(ModelHost.Quick), http, cancellation), cancellation);
        }

        var (rounds, seconds) = isQuick ? (3, 2.0) : (5, 5.0);
        var one = await MeasureAsync(ways, ModelHost.Quick, 1, rounds, seconds, http, cancellation);
        var many = await MeasureAsync(ways, ModelHost.Paced, 50, rounds, seconds * 2, http, cancellation);
        Report(report, one, many);
        await HoldAsync(ways, provider, report, http, cancellation);
    }

    private static void Report(BenchReport report, Dictionary<string, List<Turns>> one, Dictionary<string, List<Turns>> many)
    {
        Spread Of(Dictionary<string, List<Turns>> all, string name, Func<Turns, double> figure) => new(all[name].Select(figure));
        Spread Added(Dictionary<string, List<Turns>> all, string name, Func<Turns, double> figure) => new(all[name].Zip(all["direct"], (turns, direct) => figure(turns) - figure(direct)));
        Spread Ratio(Dictionary<string, List<Turns>> all, Func<Turns, double> figure, bool isAdded) => new(Enumerable.Range(0, all["ours"].Count).Select(round =>
            isAdded
                ? (figure(all["ours"][round]) - figure(all["direct"][round])) / (figure(all["relay"][round]) - figure(all["direct"][round]))
                : figure(all["ours"][round]) / figure(all["relay"][round])));

        var (first, tail, cpu) = (Ratio(one, turns => turns.First(50), true), Ratio(many, turns => turns.First(99), false), Ratio(one, turns => turns.Cpu, true));
        report.Target("added time to the first token at one stream, over the bare relay's", "≤ 3", first.Text("0.00"), first.Median <= 3);
        report.Target("p99 of the time to the first token at 50 streams, over the bare relay's", "≤ 2", tail.Text("0.00"), tail.Median <= 2);
        report.Target("CPU for a turn, over the bare relay's", "≤ 4", cpu.Text("0.00"), cpu.Median <= 4);
        report.Say($"An answer of {Words} words; straight from the provider, through a bare relay on Kestrel, and through the API, which stores both turns in a conversation that has two.");
        report.Table(
            ["", "First token at one stream, p50 ms", "Added, ms", "CPU of the process for a turn, ms", "Added, ms", "First token at 50 streams of 20 ms a word, p50 ms", "p99 ms"],
            ((string[])["direct", "relay", "ours"]).Select(name => (string[])
            [
                name, Of(one, name, turns => turns.First(50)).Text("0.00"), Added(one, name, turns => turns.First(50)).Text("0.00"), Of(one, name, turns => turns.Cpu).Text("0.00"),
                Added(one, name, turns => turns.Cpu).Text("0.00"), Of(many, name, turns => turns.First(50)).Text("0.0"), Of(many, name, turns => turns.First(99)).Text("0.0"),
            ]));
    }

    // Streams that have said a word and are silent.
    private static async Task HoldAsync(
        (string Name, Func<string, HttpRequestMessage> Make)[] ways, ModelHost provider, BenchReport report, HttpMessageInvoker http, CancellationToken cancellation)
    {
        var rows = new List<string[]>();
        foreach (var (name, make) in ways)
        {
            provider.Hold();
            var (heap, set) = Memory();
            var began = Stopwatch.GetTimestamp();
            var streams = await Task.WhenAll(Enumerable.Range(0, Open).Select(_ => OpenAsync(make(ModelHost.Held), http, cancellation)));
            var took = Stopwatch.GetElapsedTime(began);
            var (heapThen, setThen) = Memory();
            provider.Release();
            await Task.WhenAll(streams.Select(stream => DrainAsync(stream, cancellation)));
            rows.Add([name, Figure((heapThen - heap) / 1024.0 / Open, "0.0"), Figure((setThen - set) / 1024.0 / Open, "0.0"), Figure(took.TotalSeconds, "0.00")]);
        }

        report.Say($"{Open} streams open at once, each of which has said a word. Client and provider are in the process, and in every row:");
        report.Table(["", "Heap for a stream, KiB", "Working set for a stream, KiB", "Until all had their first token, s"], rows);
    }

    private static async Task<Dictionary<string, List<Turns>>> MeasureAsync(
        (string Name, Func<string, HttpRequestMessage> Make)[] ways, string behaviour, int workers, int rounds, double seconds, HttpMessageInvoker http, CancellationToken cancellation)
    {
        var all = ways.ToDictionary(way => way.Name, _ => new List<Turns>());
        // The first round warms up.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (name, make) in ways)
            {
                var turns = await RunAsync(() => make(behaviour), workers, TimeSpan.FromSeconds(seconds), http, cancellation);
                if (round > 0) all[name].Add(turns);
            }
        }

        return all;
    }

    private static async Task<Turns> RunAsync(Func<HttpRequestMessage> make, int workers, TimeSpan duration, HttpMessageInvoker http, CancellationToken cancellation)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var firsts = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(worker), cancellation)));
        return new Turns([.. firsts.SelectMany(list => list).Order()], Environment.CpuUsage.TotalTime - cpu);

        async Task<List<double>> WorkAsync(int worker)
        {
            // Not all at once: turns begin when they begin.
            await Task.Delay(TimeSpan.FromMilliseconds(worker * 20 % 1_000), cancellation);
            var taken = new List<double>();
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                var before = Stopwatch.GetTimestamp();
                var stream = await OpenAsync(make(), http, cancellation);
                taken.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
                await DrainAsync(stream, cancellation);
            }

            return taken;
        }
    }

    /// <summary>Sends, and reads up to the first bytes of the answer, which are its first word.</summary>
    private static async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, HttpMessageInvoker http, CancellationToken cancellation)
    {
        using (request)
        {
            var response = await http.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
            var first = new byte[64];
            var stream = await response.Content.ReadAsStreamAsync(cancellation);
            if (await stream.ReadAsync(first, cancellation) == 0) throw new InvalidOperationException("An answer without a word.");
            return response;
        }
    }

    private static async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using (response)
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var (buffer, tail) = (new byte[8 * 1024], "");
            for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;) tail = Encoding.UTF8.GetString(buffer, 0, read);
            if (tail.Contains("event: error", StringComparison.Ordinal)) throw new InvalidOperationException(tail);
        }
    }

    private static HttpRequestMessage Post(Uri address, string json) => new(HttpMethod.Post, address) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private static (long Heap, long Set) Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }

    private static Guid ConversationId(int number) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-7003-8000-{number:x12}"));

    // Conversations of which each has two turns.
    private static Task TalkAsync(BenchDatabase database, DateTimeOffset now, CancellationToken cancellation) => database.ExecuteAsync(
        $"""
        insert into conversations (id, user_id, title, provider, message_count, created_at, updated_at)
        select {Learners.Id("7003")}, (select {Learners.Id("7000")} from (select c % @users as n) t), 'A talk', 'auto', 2, @now, @now from generate_series(0, @count - 1) c, lateral (select c as n) t;
        insert into messages (id, conversation_id, ordinal, role, content, status, citations, created_at)
        select gen_random_uuid(), {Learners.Id("7003")}, o, case o when 1 then 'User' else 'Assistant' end, 'I was in the mountains for a week.', 'Complete', '[]'::jsonb, @now
        from generate_series(0, @count - 1) n, generate_series(1, 2) o;
        """,
        cancellation, ("users", Users), ("count", Conversations), ("now", now));

    private static string Figure(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>What a spell showed.</summary>
    /// <param name="Firsts">The times to the first token, shortest first, in ms.</param>
    /// <param name="Spent">CPU of the process.</param>
    private sealed record Turns(double[] Firsts, TimeSpan Spent)
    {
        public double Cpu => Spent.TotalMilliseconds / Firsts.Length;

        public double First(double percent) => Firsts[Math.Clamp((int)Math.Ceiling(Firsts.Length * percent / 100) - 1, 0, Firsts.Length - 1)];
    }

    /// <summary>A provider that speaks OpenAI's wire format.</summary>
    private sealed class ModelHost : IAsyncDisposable
    {
        public const string Quick = "quick";
        public const string Paced = "paced";
        public const string Held = "held";
        public const string Request = """{"model":"bench","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"And what did you do then?"}]}""";

        private static readonly byte[] Word = Encoding.UTF8.GetBytes("""data: {"id":"c","object":"chat.completion.chunk","created":1772000000,"model":"bench","choices":[{"index":0,"delta":{"role":"assistant","content":"word "},"finish_reason":null}]}""" + "\n\n");

        private static readonly byte[] End = Encoding.UTF8.GetBytes(
            """data: {"id":"c","object":"chat.completion.chunk","created":1772000000,"model":"bench","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n"
            + """data: {"id":"c","object":"chat.completion.chunk","created":1772000000,"model":"bench","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":40,"total_tokens":70}}""" + "\n\ndata: [DONE]\n\n");

        private BareHost _host = null!;
        private TaskCompletionSource _held = new();

        public static IReadOnlyList<string> Behaviours { get; } = [Quick, Paced, Held];

        public static async Task<ModelHost> StartAsync(CancellationToken cancellation)
        {
            var model = new ModelHost();
            model._host = await BareHost.StartAsync(app => app.MapPost("/{behaviour}/chat/completions", (string behaviour, HttpContext http) => model.AnswerAsync(behaviour, http)), cancellation);
            return model;
        }

        public string Of(string behaviour) => new Uri(_host.Address, behaviour).ToString();

        public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held.SetResult();

        public ValueTask DisposeAsync() => _host.DisposeAsync();

        private async Task AnswerAsync(string behaviour, HttpContext http)
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            http.Response.ContentType = "text/event-stream";
            if (behaviour == Paced) await Task.Delay(50, http.RequestAborted);
            for (var word = 0; word < Words; word++)
            {
                await http.Response.Body.WriteAsync(Word, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                if (behaviour == Paced) await Task.Delay(20, http.RequestAborted);
                if (behaviour == Held && word == 0) await _held.Task.WaitAsync(http.RequestAborted);
            }

            await http.Response.Body.WriteAsync(End, http.RequestAborted);
        }
    }

    /// <summary>Passes a request on and the answer back, as it comes.</summary>
    private static class Relay
    {
        public static async Task<BareHost> StartAsync(ModelHost provider, CancellationToken cancellation)
        {
            var client = new HttpMessageInvoker(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseCookies = false, UseProxy = false });
            return await BareHost.StartAsync(
                app => app.MapPost("/{behaviour}", async (string behaviour, HttpContext http) =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(provider.Of(behaviour) + "/chat/completions")) { Content = new StreamContent(http.Request.Body) };
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                    using var response = await client.SendAsync(request, http.RequestAborted);
                    http.Response.ContentType = "text/event-stream";
                    await using var answer = await response.Content.ReadAsStreamAsync(http.RequestAborted);
                    var buffer = new byte[4 * 1024];
                    for (int read; (read = await answer.ReadAsync(buffer, http.RequestAborted)) > 0;)
                    {
                        await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
                        await http.Response.Body.FlushAsync(http.RequestAborted);
                    }
                }),
                cancellation);
        }
    }
}
