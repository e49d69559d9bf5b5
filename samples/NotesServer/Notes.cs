namespace NotesServer;

internal sealed record Notes
{
    public IReadOnlyList<string> Lines { get; init; } = [];
}
