using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Stateless;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>The first that a request's own handler says decides how its response goes out.</summary>
public sealed class AnswerStreamTests
{
    private static readonly JsonRpcMessageContext _own = new() { RelatedTransport = new StreamableHttpServerTransport() };
    private static readonly JsonRpcMessageContext _other = new() { RelatedTransport = new StreamableHttpServerTransport() };

    private readonly HttpResponse _response = new DefaultHttpContext().Response;

    [Fact]
    public async Task What_the_handler_of_another_request_says_late_changes_nothing()
    {
        await using var answer = Answer();
        answer.Expect(new JsonRpcNotification { Method = "notifications/message", Context = _other });
        answer.Expect(Error(McpErrorCode.MethodNotFound, _other));
        answer.Expect(new JsonRpcNotification { Method = "notifications/message" });
        Assert.Equal(StatusCodes.Status200OK, _response.StatusCode);

        answer.Expect(Error(McpErrorCode.HeaderMismatch, _own));
        await answer.WriteAsync(new byte[3], TestContext.Current.CancellationToken);
        Assert.Equal(StatusCodes.Status400BadRequest, _response.StatusCode);
        Assert.Null(_response.ContentLength);
    }

    [Fact]
    public async Task An_error_behind_something_else_has_the_status_of_a_stream()
    {
        await using var answer = Answer();
        answer.Expect(new JsonRpcNotification { Method = "notifications/message", Context = _own });
        await answer.WriteAsync(new byte[3], TestContext.Current.CancellationToken);
        answer.Expect(Error(McpErrorCode.HeaderMismatch, _own));
        await answer.WriteAsync(new byte[3], TestContext.Current.CancellationToken);
        Assert.Equal(StatusCodes.Status200OK, _response.StatusCode);
        Assert.Null(_response.ContentLength);
    }

    [Fact]
    public async Task A_client_that_has_gone_when_the_headers_are_due_is_met_by_whoever_writes_next()
    {
        // Kestrel throws at once, before there is a task.
        _response.Body = new GoneStream();
        await using var answer = Answer();
        answer.Begin();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await answer.WriteAsync(new byte[3], TestContext.Current.CancellationToken));
    }

    private static JsonRpcError Error(McpErrorCode code, JsonRpcMessageContext context) => new() { Id = new(1), Error = new() { Code = (int)code, Message = "no" }, Context = context };

    private AnswerStream Answer() => new(_response, new JsonRpcRequest { Id = new(1), Method = RequestMethods.ToolsCall, Context = _own }, TestContext.Current.CancellationToken);

    private sealed class GoneStream : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) => throw new OperationCanceledException();
    }
}
