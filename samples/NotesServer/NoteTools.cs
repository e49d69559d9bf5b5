using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.State;

namespace NotesServer;

[McpServerToolType]
internal sealed class NoteTools
{
    [McpServerTool, Description("Keep a note")]
    public static async Task<int> AddNote(string text, ISessionState<Notes> session, CancellationToken cancellationToken)
    {
        var notes = await session.UpdateAsync(n => n with { Lines = [.. n.Lines, text] }, cancellationToken);
        return notes.Lines.Count;
    }

    [McpServerTool, Description("All notes")]
    public static async Task<IReadOnlyList<string>> ListNotes(ISessionState<Notes> session, CancellationToken cancellationToken) =>
        (await session.GetAsync(cancellationToken)).Lines;

    [McpServerTool, Description("Forget all notes, if the user agrees")]
    public static async Task<string> ForgetNotes(ISessionState<Notes> session, RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        if (context.Params?.InputResponses is not { } answers || !answers.TryGetValue("sure", out var answer))
        {
            throw new InputRequiredException(new Dictionary<string, InputRequest>
            {
                ["sure"] = InputRequest.ForElicitation(new() { Message = "Forget all notes?", RequestedSchema = new() }),
            });
        }

        if (answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.IsAccepted is not true)
        {
            return "The notes are kept.";
        }

        await session.ClearAsync(cancellationToken);
        return "The notes are forgotten.";
    }
}
