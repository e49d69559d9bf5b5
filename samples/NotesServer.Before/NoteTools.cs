using System.Collections.Concurrent;
using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace NotesServer;

[McpServerToolType]
internal sealed class NoteTools
{
    private static readonly ConcurrentDictionary<string, List<string>> _notes = new();

    [McpServerTool, Description("Keep a note")]
    public static int AddNote(string text, McpServer server)
    {
        var notes = _notes.GetOrAdd(server.SessionId!, _ => []);
        lock (notes)
        {
            notes.Add(text);
            return notes.Count;
        }
    }

    [McpServerTool, Description("All notes")]
    public static string[] ListNotes(McpServer server)
    {
        var notes = _notes.GetOrAdd(server.SessionId!, _ => []);
        lock (notes)
        {
            return [.. notes];
        }
    }

    [McpServerTool, Description("Forget all notes, if the user agrees")]
    public static async Task<string> ForgetNotes(McpServer server, CancellationToken cancellationToken)
    {
        var answer = await server.ElicitAsync(new ElicitRequestParams { Message = "Forget all notes?", RequestedSchema = new() }, cancellationToken);
        if (!answer.IsAccepted)
        {
            return "The notes are kept.";
        }

        _notes.TryRemove(server.SessionId!, out _);
        return "The notes are forgotten.";
    }
}
