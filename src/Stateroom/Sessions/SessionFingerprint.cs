namespace Stateroom.Sessions;

/// <summary>What logs and traces show in place of a session's id.</summary>
public static class SessionFingerprint
{
    /// <summary>Gives the first 12 hexadecimal digits of the id's SHA-256: enough to follow a session through logs, useless to enter it.</summary>
    /// <param name="id">A session's id or handle.</param>
    public static string Of(string id) => SessionReference.Of(id)[..SessionReference.MinLength];
}
