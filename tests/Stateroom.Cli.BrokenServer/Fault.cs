namespace Stateroom.Cli.BrokenServer;

/// <summary>What the server does wrong.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>All sessions share what they remember.</summary>
    StaticState,

    /// <summary>Answers are cached under a key that does not name the session.</summary>
    SharedCacheKey,

    /// <summary>Writes read the state, wait, and write it back, whatever has happened in between.</summary>
    BlindWrite,

    /// <summary>Whoever knows an id is let in.</summary>
    OwnerNotChecked,

    /// <summary>DELETE ends a session at one of two instances.</summary>
    EndsAtOneInstance,

    /// <summary>A write that is in progress when its session ends brings it back.</summary>
    LateWriteRevives,

    /// <summary>Answers to questions are found by the id of the request alone, which sessions have in common.</summary>
    AnswersByRequestId,

    /// <summary>Ids count up.</summary>
    SequentialIds,

    /// <summary>The idle timeout runs from the opening of the session.</summary>
    IdleNeverSlides,
}
