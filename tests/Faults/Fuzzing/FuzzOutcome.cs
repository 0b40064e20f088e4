namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>What became of one input.</summary>
internal static class FuzzOutcome
{
    /// <summary>Runs an input.</summary>
    /// <returns>The finding in words; null if the product read or refused the input as it should.</returns>
    public static string? Of(IFuzzFormat format, FuzzInput input)
    {
        long before = GC.GetTotalAllocatedBytes();
        try
        {
            format.Execute(input);
        }
        catch (FuzzFindingException e)
        {
            return e.Message;
        }
        catch (Exception e)
        {
            if (FuzzAnswers.Problem(format, e) is { } problem)
                return problem;
        }
        long allocated = GC.GetTotalAllocatedBytes() - before;
        return allocated > FuzzLimits.Allocated ? $"allocates {allocated >> 20} MB" : null;
    }
}
