namespace MLNetExtensions.Tests.Docs;

/// <summary>A package that this library uses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="License">An SPDX identifier, or words that are none.</param>
/// <param name="IsForBuilding">True if applications do not get it.</param>
/// <param name="Users">The projects that use it.</param>
internal sealed record LicensedPackage(string Name, string Version, string License, bool IsForBuilding, IReadOnlyList<string> Users);
