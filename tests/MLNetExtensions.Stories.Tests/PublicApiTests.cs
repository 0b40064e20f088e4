using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void No_assembly_shows_its_internals_to_the_stories()
    {
        string own = typeof(PublicApiTests).Assembly.GetName().Name!;
        Assembly[] libraries =
        [
            .. Directory
                .EnumerateFiles(AppContext.BaseDirectory, "MLNetExtensions*.dll")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Where(name => name != own)
                .Select(Assembly.Load),
        ];

        Assert.True(libraries.Length >= 6, string.Join(", ", libraries.Select(l => l.GetName().Name)));
        Assert.DoesNotContain(
            libraries.SelectMany(library => library.GetCustomAttributes<InternalsVisibleToAttribute>()),
            friend => friend.AssemblyName.StartsWith(own, StringComparison.Ordinal)
        );
    }
}
