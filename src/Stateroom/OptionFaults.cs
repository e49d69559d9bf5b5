using Microsoft.Extensions.Options;

namespace Stateroom;

/// <summary>Collects the faults of options, each with what mends it.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    public ValidateOptionsResult Result => _faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_faults);

    public void Add(string fault) => _faults.Add(fault);

    /// <param name="option">The option's name.</param>
    /// <param name="value">Its value; null if it is left out, which is no fault.</param>
    /// <param name="least">The least that it may be; options that may be 0 mean no limit by it.</param>
    public void AtLeast(string option, long? value, int least)
    {
        if (value < least)
        {
            Add($"{option} is {value}. Set it to at least {least}{(least == 0 ? ", where 0 is no limit" : string.Empty)}.");
        }
    }

    public void Between(string option, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            Add($"{option} is {value}. Set it to at least {least} and at most {most}.");
        }
    }
}
