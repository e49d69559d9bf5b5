using Stateroom.Cli.Verify.Histories;

namespace Stateroom.Cli.Verify.Checks;

/// <summary>Judges what was seen while sessions were used at random.</summary>
internal static class HistoryChecks
{
    public static IEnumerable<CheckReport> Run(EraRun run)
    {
        var history = run.History;
        yield return run.Profile.Places is null
            ? new(CheckNames.Markers, run.Era, 0, CheckVerdict.NotChecked, "the profile has no places to leave markers in")
            : Sightings(run, CheckNames.Markers, history.Crossings, history.Looked, "A session saw what another wrote.");
        yield return LinearizabilityCheck.Run(run);
        yield return Sightings(run, CheckNames.Kept, history.Losses, run.Opened, "A session is gone that nobody ended.");
        yield return Sightings(run, CheckNames.Ended, history.AfterEnd, history.AfterEnd.Count, "A session was served after its end.");
    }

    private static CheckReport Sightings(EraRun run, string check, IEnumerable<Sighting> sightings, long operations, string summary)
    {
        var faults = sightings.Where(s => s.IsFault).OrderBy(s => s.Start).ToList();
        if (faults.Count == 0)
        {
            return new(check, run.Era, operations, operations > 0 ? CheckVerdict.Holds : CheckVerdict.Undecided, operations > 0 ? null : "there was nothing to look at");
        }

        var first = faults[0];
        return new(check, run.Era, operations, CheckVerdict.Broken, $"{faults.Count} times")
        {
            Counterexample = new(summary, [$"{Moment.Format(first.Start)} – {Moment.Format(first.End)}: session {first.Session}, {first.What}: {first.Answer}; {first.Since}"]),
        };
    }
}
