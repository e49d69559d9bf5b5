using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.State;

namespace Stateroom.Server.Tools;

/// <summary>
/// Logs what a handler failed with, once and without a word of the client's: where in the code, but not the messages of the exceptions, which may
/// repeat what was sent. The SDK's own log is full of it (names of clients, methods, tools and resources, line breaks and all) and is off by default.
/// </summary>
internal static class FailureLog
{
    public static IMcpServerBuilder WithFailureLog(this IMcpServerBuilder builder) => builder.WithRequestFilters(filters => filters
        .AddListToolsFilter(Wrap)
        .AddCallToolFilter(Wrap)
        .AddListResourcesFilter(Wrap)
        .AddListResourceTemplatesFilter(Wrap)
        .AddReadResourceFilter(Wrap)
        .AddSubscribeToResourcesFilter(Wrap)
        .AddUnsubscribeFromResourcesFilter(Wrap));

    private static McpRequestHandler<TParams, TResult> Wrap<TParams, TResult>(McpRequestHandler<TParams, TResult> next) =>
        async (request, cancellationToken) =>
        {
            try
            {
                return await next(request, cancellationToken);
            }
            catch (Exception e) when (!IsAnswer(e) && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                // The method is one that has a handler, and the name that of something registered: neither is the client's own.
                request.Services?.GetService<ILoggerFactory>()?.CreateLogger(typeof(FailureLog)).HandlerFailed(
                    request.JsonRpcRequest.Method, request.MatchedPrimitive?.Id, FailureText.Of(e));
                throw;
            }
        };

    /// <summary>Whether the exception is how the client is told something, and nothing is wrong with the server.</summary>
    private static bool IsAnswer(Exception exception) => exception is McpException or InputRequiredException or SessionException;
}
