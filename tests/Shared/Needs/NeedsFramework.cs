using System.Reflection;
using MLNetExtensions.TestData.Needs;
using Xunit;
using Xunit.v3;

[assembly: TestFramework(typeof(NeedsFramework))]

namespace MLNetExtensions.TestData.Needs;

/// <summary>
/// xUnit, but that tests whose <see cref="NeedsAttribute">needs</see> this machine does not meet are skipped together: one line for each
/// need of a run, instead of one for each row of each theory.
/// </summary>
public sealed class NeedsFramework : XunitTestFramework
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) => new NeedsDiscoverer(Describe(assembly));

    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) => new NeedsExecutor(Describe(assembly));

    private IXunitTestAssembly Describe(Assembly assembly) => ((XunitTestFrameworkDiscoverer)base.CreateDiscoverer(assembly)).TestAssembly;
}
