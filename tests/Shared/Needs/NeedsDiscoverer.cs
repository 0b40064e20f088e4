using System.Globalization;
using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace MLNetExtensions.TestData.Needs;

/// <summary>Finds the tests; in place of those that cannot run here, one skipped test for their class or method.</summary>
internal sealed class NeedsDiscoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
{
    /// <summary>The trait of a skipped test that stands for others: how many test methods those are.</summary>
    public const string StandsFor = "Stands for";

    private readonly Dictionary<NeedsAttribute, bool> _isThere = [];

    protected override async ValueTask<bool> FindTestsForType(
        IXunitTestClass testClass,
        ITestFrameworkDiscoveryOptions discoveryOptions,
        Func<ITestCase, ValueTask<bool>> discoveryCallback
    )
    {
        MethodInfo[] tests = [.. testClass.Methods.Where(m => m.IsDefined(typeof(FactAttribute)))];
        if (tests.Length == 0 || Missing(testClass.Class) is not { } missing || tests.Any(t => t.IsDefined(typeof(NeedsNothingAttribute))))
            return await base.FindTestsForType(testClass, discoveryOptions, discoveryCallback);
        return await discoveryCallback(
            Skipped(new XunitTestMethod(testClass, tests[0], []), testClass.TestClassName, missing, tests.Length)
        );
    }

    protected override async ValueTask<bool> FindTestsForMethod(
        IXunitTestMethod testMethod,
        ITestFrameworkDiscoveryOptions discoveryOptions,
        Func<ITestCase, ValueTask<bool>> discoveryCallback
    )
    {
        MethodInfo method = testMethod.Method;
        NeedsAttribute? missing =
            Missing(method) ?? (method.IsDefined(typeof(NeedsNothingAttribute)) ? null : Missing(testMethod.TestClass.Class));
        if (missing is null || !method.IsDefined(typeof(FactAttribute)))
            return await base.FindTestsForMethod(testMethod, discoveryOptions, discoveryCallback);
        return await discoveryCallback(Skipped(testMethod, $"{testMethod.TestClass.TestClassName}.{method.Name}", missing, 1));
    }

    private static XunitTestCase Skipped(IXunitTestMethod method, string name, NeedsAttribute missing, int tests) =>
        new(
            method,
            name,
            $"{method.UniqueID}-needs",
            @explicit: false,
            skipReason: $"need {missing.What}",
            traits: new Dictionary<string, HashSet<string>> { [StandsFor] = [tests.ToString(CultureInfo.InvariantCulture)] }
        );

    private NeedsAttribute? Missing(Type testClass) =>
        testClass.IsDefined(typeof(NeedsNothingAttribute))
            ? Missing((MemberInfo)testClass)
            : Missing((MemberInfo)testClass) ?? FirstMissing(testClass.Assembly.GetCustomAttributes<NeedsAttribute>());

    private NeedsAttribute? Missing(MemberInfo member) => FirstMissing(member.GetCustomAttributes<NeedsAttribute>());

    private NeedsAttribute? FirstMissing(IEnumerable<NeedsAttribute> needs) =>
        needs.FirstOrDefault(need =>
        {
            if (!_isThere.TryGetValue(need, out bool isThere))
                _isThere.Add(need, isThere = need.IsThere);
            return !isThere;
        });
}
