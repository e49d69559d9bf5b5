using System.Text.Json.Nodes;

namespace Stateroom.Cli.Protocol;

/// <summary>A session as somebody uses it, rightly or not.</summary>
internal interface IMcpSession
{
    /// <summary>What names the session.</summary>
    string Id { get; }

    /// <summary>Who uses it.</summary>
    string Token { get; }

    /// <summary>Calls a tool.</summary>
    /// <param name="call">The tool and its arguments, without the session.</param>
    /// <param name="answerer">Answers the server's questions; null declines them.</param>
    /// <param name="requestId">The JSON-RPC id; null draws the next one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Answer> CallAsync(ToolCall call, Answerer? answerer, long? requestId, CancellationToken cancellationToken);

    /// <summary>Answers a question as if it had been asked in this session.</summary>
    /// <param name="call">The call that is thought to have asked.</param>
    /// <param name="question">The question, whoever was asked.</param>
    /// <param name="content">The answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Answer> AnswerAsync(ToolCall call, Question question, JsonObject content, CancellationToken cancellationToken);

    /// <summary>Ends the session.</summary>
    Task<Answer> EndAsync(CancellationToken cancellationToken);
}

/// <summary>A tool and what it is called with.</summary>
internal sealed record ToolCall(string Tool, JsonObject Arguments);

/// <summary>Opens sessions of one era.</summary>
internal interface IMcpSessions
{
    Era Era { get; }

    /// <summary>Opens a session.</summary>
    /// <returns>The session, or null and what the server answered instead.</returns>
    Task<(IMcpSession? Session, Answer Answer)> OpenAsync(string token, CancellationToken cancellationToken);

    /// <summary>Uses a session that exists, or does not, in somebody's name.</summary>
    IMcpSession Use(string token, string id);

    /// <summary>Whether an answer says that there is no such session.</summary>
    bool IsGone(Answer answer);
}
