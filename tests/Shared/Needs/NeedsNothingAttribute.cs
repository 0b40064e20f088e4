namespace MLNetExtensions.TestData.Needs;

/// <summary>Set on a class or a method that does without what its assembly or its class needs.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsNothingAttribute : Attribute;
