namespace Stateroom.Cli.Verify;

/// <summary>The names of what is checked.</summary>
internal static class CheckNames
{
    public const string Markers = "state stays in its session";
    public const string Linearizable = "no update is lost";
    public const string Kept = "live sessions stay";
    public const string Ended = "ended stays ended";
    public const string Foreign = "foreign use is unknown";
    public const string Answers = "answers find their session";
    public const string Ids = "ids cannot be guessed";
    public const string Idle = "idle sessions expire";
}
