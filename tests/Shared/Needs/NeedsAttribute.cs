namespace MLNetExtensions.TestData.Needs;

/// <summary>
/// What the tests of an assembly, a class or a method need that not every machine has. Where it is missing they are skipped before they
/// begin, all in one line (<see cref="NeedsFramework"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
internal abstract class NeedsAttribute : Attribute
{
    /// <summary>What is needed and how to get it, to be read behind <c>need</c>.</summary>
    public abstract string What { get; }

    /// <summary>Whether this machine has it.</summary>
    public abstract bool IsThere { get; }
}
