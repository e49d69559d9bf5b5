using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.State;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Tools that give what hardly a tool gives, end as hardly one ends, or talk more than is good.</summary>
internal sealed class OddTools(Gates gates)
{
    [McpServerTool(Name = "fine")]
    public static string Fine() => "fine";

    /// <summary>Gives back what it was sent, as it and its filters see it.</summary>
    [McpServerTool(Name = "echo")]
    public static CallToolResult Echo(JsonElement x, RequestContext<CallToolRequestParams> request) => new()
    {
        Content =
        [
            new TextContentBlock
            {
                Text = $"{request.Params.ProgressToken} {request.Params.Meta?.ToJsonString()} {request.JsonRpcRequest.Params!["arguments"]} {request.Server.ClientInfo?.Name}",
            },
        ],
        StructuredContent = x,
    };

    [McpServerTool(Name = "no_result")]
    public static CallToolResult? NoResult() => null;

    [McpServerTool(Name = "no_content")]
    public static CallToolResult NoContent() => new() { Content = null! };

    /// <summary>Says that it is of another server.</summary>
    [McpServerTool(Name = "forges_server")]
    public static CallToolResult ForgesServer() => new() { Content = [], Meta = new() { ["io.modelcontextprotocol/serverInfo"] = "forged" } };

    /// <summary>JSON with line ends, which end events, and with numbers and text that can be written in several ways.</summary>
    [McpServerTool(Name = "spaced_out")]
    public static CallToolResult SpacedOut() => new()
    {
        Content = [],
        StructuredContent = JsonDocument.Parse("{\n\n \"a\" :\r\n\r\n [1.50, 1e5,\n\n\"\\u0041\\/\"]}").RootElement,
        Meta = JsonNode.Parse("{\n\n\"b\":\n\n{\n\n}}")!.AsObject(),
    };

    [McpServerTool(Name = "lone_surrogates")]
    public static CallToolResult LoneSurrogates() => new() { Content = [new TextContentBlock { Text = "a\ud800b\udc00\r\n\n\u2028\u0085\0" }] };

    /// <summary>Deeper than what is written may be.</summary>
    [McpServerTool(Name = "deep")]
    public static CallToolResult Deep() =>
        new() { Content = [], StructuredContent = JsonDocument.Parse(new string('[', 100) + new string(']', 100), new() { MaxDepth = 200 }).RootElement };

    /// <summary>What it gives is gone by the time that it is written.</summary>
    [McpServerTool(Name = "unwritable")]
    public static CallToolResult Unwritable()
    {
        using var gone = JsonDocument.Parse("{}");
        return new() { Content = [], StructuredContent = gone.RootElement };
    }

    /// <summary>Says what looks like the end of an event.</summary>
    [McpServerTool(Name = "says_line_ends")]
    public static async Task<string> SaysLineEnds(McpServer server)
    {
        await server.SendNotificationAsync("notifications/a\nb", CancellationToken.None);
        return "\n\ndata: {}\n\n";
    }

    /// <summary>An error with data of which not everything can be written.</summary>
    [McpServerTool(Name = "error_with_data")]
    public static string ErrorWithData() =>
        throw new McpProtocolException("x", McpErrorCode.InvalidParams) { Data = { ["a"] = null, ["b"] = 1, [3] = "c", ["t"] = "\ud800" } };

    [McpServerTool(Name = "error_within")]
    public static Task<string> ErrorWithin() => Task.FromException<string>(new AggregateException(new McpProtocolException("inner", McpErrorCode.InvalidParams)));

    /// <summary>Fails before there is a task.</summary>
    [McpServerTool(Name = "throws_at_once")]
    public static Task<string> ThrowsAtOnce() => throw new McpException("for the model\n");

    [McpServerTool(Name = "asks_for_a_visit")]
    public static string AsksForAVisit() =>
        throw new UrlElicitationRequiredException("url", [new ElicitRequestParams { Mode = "url", Message = "m", Url = "https://x.example/", ElicitationId = "e" }]);

    [McpServerTool(Name = "misses_capability")]
    public static string MissesCapability() => throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }, "cap");

    /// <summary>Is cancelled, but not by its client.</summary>
    [McpServerTool(Name = "cancelled_elsewhere")]
    public static Task<string> CancelledElsewhere() => Task.FromCanceled<string>(new CancellationToken(canceled: true));

    /// <summary>Cancels itself by a token that its client could have cancelled too.</summary>
    [McpServerTool(Name = "cancels_itself")]
    public static async Task<string> CancelsItself(CancellationToken cancellationToken)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await own.CancelAsync();
        own.Token.ThrowIfCancellationRequested();
        return "";
    }

    /// <summary>Says something, waits at the gate <c>more</c> whoever cancels it, and then says more, answers or throws. At the gate <c>cancelled</c> one sees when it is.</summary>
    [McpServerTool(Name = "unheeding")]
    public async Task<string> Unheeding(string then, McpServer server, CancellationToken cancellationToken)
    {
        await server.SendNotificationAsync("notifications/first", CancellationToken.None);
        await using var told = cancellationToken.Register(() => _ = gates.WaitAsync("cancelled", CancellationToken.None));
        await gates.WaitAsync("more", CancellationToken.None);
        if (then == "says")
        {
            await server.SendNotificationAsync("notifications/second", CancellationToken.None);
        }

        return then == "throws" ? throw new McpProtocolException("x", McpErrorCode.InvalidParams) : "done";
    }

    /// <summary>Ends in one of five ways with a word of its caller's and who that is; the later ones report it, too.</summary>
    [McpServerTool(Name = "ends")]
    public static async Task<string> Ends(int way, string word, ISessionAccessor session, IProgress<ProgressNotificationValue> progress)
    {
        var who = session.Current!.Caller;
        var text = $"{word} {who.Tenant}/{who.Owner}";
        if (way >= 2)
        {
            progress.Report(new() { Progress = 1, Message = text });
        }

        switch (way)
        {
            case 0:
            case 2:
                return text;
            case 1:
                await Task.Yield();
                throw new McpProtocolException(text, McpErrorCode.InvalidParams);
            case 3:
                throw new McpProtocolException(text, McpErrorCode.InvalidParams);
            default:
                await Task.Yield();
                throw new McpException(text);
        }
    }

    /// <summary>Has three others talk for as long as they can, and ends meanwhile: at once, or when something has been said.</summary>
    [McpServerTool(Name = "talks")]
    public static async Task<string> Talks(string word, bool waits, bool fails, McpServer server)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 3; i++)
        {
            _ = Task.Run(() => TalkAsync(word, server, begun), CancellationToken.None);
        }

        if (waits)
        {
            await begun.Task;
        }

        return fails ? throw new McpProtocolException(word, McpErrorCode.InvalidParams) : word;
    }

    /// <summary>Leaves a culture in the asynchronous flow and says which one was there.</summary>
    [McpServerTool(Name = "culture")]
    public static string Culture()
    {
        var before = CultureInfo.CurrentCulture.Name;
        CultureInfo.CurrentCulture = new("ar-SA");
        return before;
    }

    private static async Task TalkAsync(string word, McpServer server, TaskCompletionSource begun)
    {
        try
        {
            while (true)
            {
                await server.SendMessageAsync(new JsonRpcNotification { Method = "notifications/talk", Params = new JsonObject { ["word"] = word } }, CancellationToken.None);
                begun.TrySetResult();
            }
        }
        catch (InvalidOperationException)
        {
            // The call is over.
        }
        finally
        {
            begun.TrySetResult();
        }
    }
}
