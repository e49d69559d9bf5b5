using System.Net.Http.Headers;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Stateroom.TestProcesses.Clients;

/// <summary>A client on the C# SDK, with a user who takes the first of everything.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    public const string HandshakeRevision = "2025-11-25";
    public const string StatelessRevision = "2026-07-28";

    private readonly RequestWatch _watch;
    private readonly HttpClient _http;
    private int _questions;

    private TestClient(RequestWatch watch, HttpClient http)
    {
        _watch = watch;
        _http = http;
    }

    public McpClient Mcp { get; private set; } = null!;

    /// <summary>How often the user was asked.</summary>
    public int Questions => _questions;

    /// <summary>How often the client came back for the rest of a stream.</summary>
    public int Resumptions => _watch.Resumptions;

    /// <summary>Is done when the stream for messages that belong to no request is open.</summary>
    public Task Listening => _watch.Listening;

    /// <summary>Runs while the user thinks about a question.</summary>
    public Action WhileAsked { get; set; } = () => { };

    public static async Task<TestClient> ConnectAsync(Uri endpoint, string revision, string? key, CancellationToken cancellationToken)
    {
        var watch = new RequestWatch { InnerHandler = new SocketsHttpHandler() };
        var client = new TestClient(watch, new HttpClient(watch));
        if (key is not null)
        {
            client._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        var transport = new HttpClientTransport(
            new() { Endpoint = endpoint, TransportMode = HttpTransportMode.StreamableHttp, DefaultReconnectionInterval = TimeSpan.FromMilliseconds(50) },
            client._http);
        var options = new McpClientOptions
        {
            ProtocolVersion = revision,
            Capabilities = new() { Elicitation = new() },
            Handlers = new() { ElicitationHandler = client.AnswerAsync },
        };
        client.Mcp = await McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken);
        return client;
    }

    /// <summary>Calls a tool that must not fail and gives the JSON object that it answers with.</summary>
    public async Task<JsonElement> CallAsync(string tool, object arguments, CancellationToken cancellationToken) =>
        ToolResults.Value(await TryCallAsync(tool, arguments, cancellationToken));

    public async Task<CallToolResult> TryCallAsync(string tool, object arguments, CancellationToken cancellationToken) =>
        await Mcp.CallToolAsync(
            new CallToolRequestParams { Name = tool, Arguments = JsonSerializer.SerializeToElement(arguments).Deserialize<Dictionary<string, JsonElement>>() },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Mcp.DisposeAsync();
        _http.Dispose();
    }

    private ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? question, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _questions);
        WhileAsked();
        var content = question!.RequestedSchema!.Properties.ToDictionary(field => field.Key, field => JsonSerializer.SerializeToElement(First(field.Value)));
        return ValueTask.FromResult(new ElicitResult { Action = "accept", Content = content });
    }

    private static object First(ElicitRequestParams.PrimitiveSchemaDefinition schema) => schema switch
    {
        ElicitRequestParams.UntitledSingleSelectEnumSchema choice => choice.Enum[0],
        ElicitRequestParams.TitledSingleSelectEnumSchema choice => choice.OneOf[0].Const,
        ElicitRequestParams.BooleanSchema => true,
        ElicitRequestParams.NumberSchema number => number.Default ?? number.Minimum ?? 1,
        _ => "first",
    };

    /// <summary>Looks at what the client sends.</summary>
    private sealed class RequestWatch : DelegatingHandler
    {
        private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _resumptions;

        public int Resumptions => _resumptions;

        public Task Listening => _listening.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Get && response.IsSuccessStatusCode)
            {
                _listening.TrySetResult();
                if (request.Headers.Contains("Last-Event-ID"))
                {
                    Interlocked.Increment(ref _resumptions);
                }
            }

            return response;
        }
    }
}
