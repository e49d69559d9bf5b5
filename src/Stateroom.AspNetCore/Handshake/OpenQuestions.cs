using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The questions that one call has put to its client and that are not answered yet. The server object knows them by its own ids, the client by ours.</summary>
internal sealed class OpenQuestions(Questions questions, SessionKey session, Exchange exchange)
{
    /// <summary>Those of a call that asked nothing and is over.</summary>
    public static readonly OpenQuestions None = new(null!, default, null!) { _closed = true };

    private readonly Lock _lock = new();
    private Dictionary<RequestId, string>? _open;
    private bool _closed;

    /// <summary>A question as it goes out.</summary>
    /// <exception cref="InvalidOperationException">The client can no longer be asked: all questions were withdrawn.</exception>
    public JsonRpcRequest Ask(JsonRpcRequest question)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new InvalidOperationException("The request is over; its client can no longer be asked.");
            }

            var asked = questions.Ask(session, exchange, question);
            (_open ??= [])[question.Id] = (string)asked.Id.Id!;
            return asked;
        }
    }

    /// <summary>Withdraws the question that the server object no longer waits for.</summary>
    /// <param name="parameters">The parameters of its <c>notifications/cancelled</c>.</param>
    /// <returns>The notification as it goes out; null if the question is not open, so that the client knows of none.</returns>
    public JsonRpcNotification? Withdraw(JsonObject parameters)
    {
        string? id = null;
        lock (_lock)
        {
            if (parameters["requestId"] is { } requestId)
            {
                _open?.Remove(RequestIdText.Parse(requestId.ToJsonString()), out id);
            }
        }

        if (id is null)
        {
            return null;
        }

        questions.Withdraw(id);
        return Withdrawal(id);
    }

    /// <summary>Withdraws them all, and takes no more.</summary>
    /// <returns>The server object's ids of those that were open, each with the notification for the client.</returns>
    public IReadOnlyList<(RequestId OriginalId, JsonRpcNotification Withdrawal)> WithdrawAll()
    {
        Dictionary<RequestId, string>? open;
        lock (_lock)
        {
            open = _open;
            _open = null;
            _closed = true;
        }

        if (open is null)
        {
            return [];
        }

        foreach (var id in open.Values)
        {
            questions.Withdraw(id);
        }

        return [.. open.Select(question => (question.Key, Withdrawal(question.Value)))];
    }

    private static JsonRpcNotification Withdrawal(string id) => new()
    {
        Method = NotificationMethods.CancelledNotification,
        Params = new JsonObject { ["requestId"] = id },
    };
}
