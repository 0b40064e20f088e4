using Xunit;

namespace MLNetExtensions.TestData;

/// <summary>Tests of this collection run when no other does: they measure the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
