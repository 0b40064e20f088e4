using System.Globalization;
using Xunit.Sdk;
using Xunit.v3;

namespace MLNetExtensions.TestData.Needs;

/// <summary>Runs the tests; those that are skipped for the same need become one, which says how many it stands for.</summary>
internal sealed class NeedsExecutor(IXunitTestAssembly assembly) : XunitTestFrameworkExecutor(assembly)
{
    public override ValueTask RunTestCases(
        IReadOnlyCollection<IXunitTestCase> testCases,
        IMessageSink executionMessageSink,
        ITestFrameworkExecutionOptions executionOptions,
        CancellationToken cancellationToken
    )
    {
        ILookup<bool, IXunitTestCase> cases = testCases.ToLookup(c => c.Traits.ContainsKey(NeedsDiscoverer.StandsFor));
        return base.RunTestCases(
            [.. cases[false], .. cases[true].GroupBy(c => c.SkipReason).Select(Together)],
            executionMessageSink,
            executionOptions,
            cancellationToken
        );
    }

    private static IXunitTestCase Together(IGrouping<string?, IXunitTestCase> skipped)
    {
        IXunitTestCase first = skipped.First();
        int tests = skipped.Sum(c => int.Parse(c.Traits[NeedsDiscoverer.StandsFor].Single(), CultureInfo.InvariantCulture));
        string[] classes = [.. skipped.Select(c => c.TestClass.TestClassSimpleName).Distinct()];
        string where =
            classes.Length > 3 ? string.Create(CultureInfo.InvariantCulture, $"{classes.Length} classes") : string.Join(", ", classes);
        string name = string.Create(CultureInfo.InvariantCulture, $"{tests} {(tests == 1 ? "test" : "tests")} of {where}");
        return new XunitTestCase(first.TestMethod, name, first.UniqueID, @explicit: false, skipReason: first.SkipReason);
    }
}
