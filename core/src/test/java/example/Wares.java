package example;

import java.io.Serializable;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a user's own types look like: of no package of the library.
@SuppressWarnings("serial") // fields of interfaces
public final class Wares {
  private Wares() {}

  /// Takes things of many classes.
  public interface Taker extends Keeper<Tag> {
    String many(List<Point> points);

    String wild(Map<String, ? extends Size[]> sizes);

    String person(Employee employee);

    String shape(Shape shape);

    <T extends Bound> String bound(List<T> bounds);

    String anything(Object thing);

    String url(URL url);

    String hidden(Hidden hidden);
  }

  /// Of a class that is named by who extends it.
  public interface Keeper<T> {
    String keep(T thing);
  }

  /// Says what it is given.
  public static final class Taking implements Taker {
    @Override
    public String keep(Tag tag) {
      return tag.getClass().getSimpleName();
    }

    @Override
    public String many(List<Point> points) {
      return points.toString();
    }

    @Override
    public String wild(Map<String, ? extends Size[]> sizes) {
      return List.of(sizes.values().iterator().next()).toString();
    }

    @Override
    public String person(Employee employee) {
      return employee.name + " " + employee.places;
    }

    @Override
    public String shape(Shape shape) {
      return shape.getClass().getSimpleName();
    }

    @Override
    public <T extends Bound> String bound(List<T> bounds) {
      return bounds.getFirst().getClass().getSimpleName();
    }

    @Override
    public String anything(Object thing) {
      return thing.toString();
    }

    @Override
    public String url(URL url) {
      return "taken";
    }

    @Override
    public String hidden(Hidden hidden) {
      return "taken";
    }
  }

  /// Of a type argument; named, and so is what it is made of.
  public record Point(int x, TimeUnit unit, List<Mark> marks) implements Serializable {}

  /// Of a component's type argument.
  public record Mark(String text) implements Serializable {}

  /// Of an array within a wildcard.
  public enum Size {
    SMALL,
    LARGE
  }

  /// A superclass: named by who extends it, and not by itself.
  public static class Person implements Serializable {
    private static final long serialVersionUID = 1L;

    final String name;
    final List<Place> places;
    final Object more;

    Person(String name, List<Place> places, Object more) {
      this.name = name;
      this.places = places;
      this.more = more;
    }
  }

  /// A parameter.
  public static class Employee extends Person {
    private static final long serialVersionUID = 1L;

    public Employee(String name, List<Place> places, Object more) {
      super(name, places, more);
    }
  }

  /// Nobody names it: it could be sent where an employee is asked for.
  public static final class Impostor extends Employee {
    private static final long serialVersionUID = 1L;

    public Impostor() {
      super("?", List.of(), "");
    }
  }

  /// Of a field's type argument.
  public record Place(String town) implements Serializable {}

  /// One of two.
  public sealed interface Shape extends Serializable permits Circle, Square {}

  public record Circle(int radius) implements Shape {}

  public static final class Square implements Shape {
    private static final long serialVersionUID = 1L;
  }

  /// The bound of a variable.
  public static final class Bound implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /// What stands for a variable.
  public static final class Tag implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /// Of a method that is not exposed.
  public static final class Hidden implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /// Nobody names it.
  public static final class Unnamed implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return "allowed";
    }
  }
}
