namespace Stateroom.Encryption;

/// <summary>Whether the content of sessions is encrypted where it is stored. Checked at start-up.</summary>
public sealed class EncryptionOptions
{
    /// <summary>
    /// Whether the state of sessions, what their clients said of themselves and the messages that wait for them are encrypted with ASP.NET Core Data Protection before
    /// they reach the store, and answers to questions before they reach another instance. What was stored before is still read and is encrypted with its next write.
    /// Default false; recommended wherever a store is shared.
    /// </summary>
    public bool EncryptAtRest { get; set; }

    /// <summary>
    /// Whether content that lies in the store unencrypted counts as unreadable, so that nobody who can write to the store can put words into a session.
    /// Default false, so that encryption can be switched on while sessions live; needs <see cref="EncryptAtRest"/>.
    /// </summary>
    public bool RefuseUnencrypted { get; set; }
}
